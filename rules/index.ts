// Every rule, in the order of the principles. The one list that hosts import.

import type { Rule } from '../engine/lint/rule';
import { requireReplicas } from './redundancy/require-replicas';

export const rules: readonly Rule[] = [
  requireReplicas,
];
