import { describe, expect, it } from 'vitest';
import { isProductionWord, productionWord } from './production';

describe('the word for production', () => {
  it('is told from words that hold its letters', () => {
    expect(['prod', 'PRD', 'Production', 'production-eu', 'eu-prod', 'IsProd', 'live'].filter((word) => !isProductionWord(word))).toEqual([]);
    expect(['nonprod', 'preprod', 'NotProd', 'product', 'products', 'deliver', 'dev', 'reproduce'].filter(isProductionWord)).toEqual([]);
  });

  it('is the exact one where there are several', () => {
    expect(productionWord(['prod-eu', 'dev', 'prod'])).toBe('prod');
    expect(productionWord(['dev', 'test'])).toBeUndefined();
  });
});
