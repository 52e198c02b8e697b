// Every rule, in the order of the principles. The one list that hosts import.

import type { Rule } from '../engine/lint/rule';

export const rules: readonly Rule[] = [];
