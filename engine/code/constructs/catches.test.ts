import { describe, expect, it } from 'vitest';
import { factsOf } from '../../../test/code-facts';

function does(code: string): string[] {
  return factsOf(code).facts.catches.map((fact) => `${fact.form} ${fact.does}${fact.hasComment ? ' commented' : ''}${fact.isCleanup ? ' cleanup' : ''}`);
}

describe('what a catch does', () => {
  it.each([
    ['try { await work(); } catch {}', 'clause nothing'],
    ['try { await work(); } catch (e) { return; }', 'clause nothing'],
    ['try { await work(); } catch (e) { return null; }', 'clause constant'],
    ['try { await work(); } catch (e) { rows = []; }', 'clause constant'],
    ['try { await work(); } catch (e) { console.error(e); }', 'clause logs'],
    ['try { await work(); } catch (e) { throw new Error("x", { cause: e }); }', 'clause rethrows'],
    ['try { await work(); } catch (e) { await undo(e); }', 'clause handles'],
    ['try { await work(); } catch { /* best effort */ }', 'clause nothing commented'],
    ['try { await work(); } catch (ignored) {}', 'clause nothing commented'],
    ['try { await connection.close(); } catch {}', 'clause nothing cleanup'],
    ['await work().catch(() => {});', 'method nothing'],
    ['await work().catch(noop);', 'method nothing'],
    ['await work().catch(() => undefined);', 'method nothing'],
    ['await work().catch(() => []);', 'method constant'],
    ['await work().catch(() => DEFAULTS);', 'method handles'],
    ['await work().catch((e) => log.error(e));', 'method logs'],
    ['function swallow() {}\nawait work().catch(swallow);', 'method nothing'],
    ['try { await work(); } catch (_error) {}', 'clause nothing'],
    ['try { return await work(); } catch (e) { return undefined; }', 'clause constant'],
    ['await work().then(show, () => {});', 'method nothing'],
  ])('%s', (code, expected) => {
    expect(does(`async function f() { let rows; ${code} }`)).toEqual([expected]);
  });

  it.each([
    ['try { return await work(); } catch {} return await other();', true],
    ['for (const url of urls) { try { return await work(url); } catch {} }', true],
    ['for (const url of urls) { try { await work(url); } catch {} }', undefined],
    ['let rows = stored(); try { rows = await work(); } catch {} return rows;', true],
    ['let rows; try { rows = await work(); } catch {} return rows;', undefined],
    ['try { return await work(); } catch {} return null;', undefined],
  ])('knows what stands for the result: %s', (code, expected) => {
    expect(factsOf(`async function f(urls) { ${code} }`).facts.catches.map(({ fallsBack }) => fallsBack)).toEqual([expected]);
  });

  it.each([
    ['work().catch(() => false)', 'boolean'],
    ['work().catch(() => [])', 'empty'],
    ['new Promise((resolve) => { work().catch(() => resolve(1)); })', 'settled'],
    ['work().catch(() => resolve(1))', undefined],
  ])('tells what is given instead: %s', (code, expected) => {
    expect(factsOf(`function f() { return ${code}; }`).facts.catches.map(({ gives }) => gives)).toEqual([expected]);
  });

  it('leaves out a catch around plain computing', () => {
    expect(does('function f(t) { try { return JSON.parse(t); } catch { return undefined; } }')).toEqual([]);
  });

  it('names what is guarded', () => {
    const { facts, text } = factsOf("import axios from 'axios';\nasync function f() { try { await axios.get('/a'); await save(); } catch {} }");
    const [fact] = facts.catches;
    expect(fact?.calls.map((index) => facts.calls[index]?.calleeText)).toEqual(['axios.get']);
    expect(fact?.awaits).toEqual(['save']);
    expect(text(fact?.mark)).toBe('catch');
  });
});
