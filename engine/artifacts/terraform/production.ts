// Tests on the environment: `var.environment == "prod"`.

import { literalOf, type HclExpression } from '../hcl/tree';

const PRODUCTION = /^(?:prod|production|prd|live)$/i;
const OTHER = /^(?:dev|devel|development|test|testing|stage|staging|stg|qa|uat|sandbox|local|preview|nonprod|non-prod)$/i;

/** Whether production passes a test; undefined where the test does not name an environment. */
export function isProductionTest(test: HclExpression): boolean | undefined {
  switch (test.kind) {
    case 'parentheses':
      return isProductionTest(test.of);
    case 'unary': {
      const inner = test.operator === '!' ? isProductionTest(test.of) : undefined;
      return inner === undefined ? undefined : !inner;
    }
    case 'attribute':
      return /^(?:is_)?(?:prod|production)$/i.test(test.name) ? true : /^is_(?:dev|development|test|staging)$/i.test(test.name) ? false : undefined;
    case 'binary': {
      if (test.operator !== '==' && test.operator !== '!=') return undefined;
      const word = literalOf(test.left) ?? literalOf(test.right);
      const isProduction = typeof word !== 'string' ? undefined : PRODUCTION.test(word) ? true : OTHER.test(word) ? false : undefined;
      return isProduction === undefined ? undefined : isProduction === (test.operator === '==');
    }
    case 'call': {
      const [list] = test.arguments;
      if (test.name !== 'contains' || list?.kind !== 'tuple') return undefined;
      const words = list.items.map(literalOf);
      return words.some((word) => typeof word === 'string' && PRODUCTION.test(word)) ? true : words.some((word) => typeof word === 'string' && OTHER.test(word)) ? false : undefined;
    }
    default:
      return undefined;
  }
}
