// The steps in which a listener of a signal stops the process: what it closes, whether it waits, and an exit that comes before the closing can have ended.

import type { StopStep } from '../construct-facts';
import type { FileReader } from '../file-reader';
import { calledName, strip, unstrip } from '../syntax';
import { ts, type TypeScript } from '../typescript';
import { nodeSpan } from './marks';

const LOGS = /^(?:log|debug|info|warn|error|fatal|trace|write)$/i;
const MOST_STATEMENTS = 20;

/** The step that a closing call is; undefined where it is no method call. `isClosing` tells the names of closing calls. Looks at 20 statements after it at most. */
export function stopStep(call: TypeScript.CallExpression, reader: FileReader, isClosing: (name: string) => boolean): StopStep | undefined {
  const callee = strip(call.expression, false);
  if (!ts.isPropertyAccessExpression(callee)) return undefined;
  const whole = unstrip(call, false);
  const isAwaited = ts.isAwaitExpression(whole.parent);
  const statement = (isAwaited ? unstrip(whole.parent, false) : whole).parent;
  const isStatement = ts.isExpressionStatement(statement);
  const exit = isStatement ? exitAfter(statement, reader, isClosing) : undefined;
  return {
    closes: reader.resolve(callee.expression),
    text: reader.calleeText(call),
    span: nodeSpan(call, reader.sourceFile),
    function: reader.functionOf(call),
    isAwaited,
    isStatement,
    hasArguments: call.arguments.length > 0,
    ...(exit ? { exit: nodeSpan(exit.call, reader.sourceFile), ...(exit.isNext ? { isExitNext: true } : {}) } : {}),
  };
}

// `process.exit()` behind the statement, with nothing between but logs and other closings: whatever else stands there may wait.
function exitAfter(statement: TypeScript.ExpressionStatement, reader: FileReader, isClosing: (name: string) => boolean): { readonly call: TypeScript.CallExpression; readonly isNext: boolean } | undefined {
  const block = statement.parent;
  if (!ts.isBlock(block)) return undefined;
  const at = block.statements.indexOf(statement);
  for (let i = at + 1; i < block.statements.length && i < at + MOST_STATEMENTS; i++) {
    const next = block.statements[i];
    const call = next && ts.isExpressionStatement(next) ? strip(next.expression) : undefined;
    if (!call || !ts.isCallExpression(call)) return undefined;
    const entity = reader.resolve(call.expression);
    if (entity.kind === 'global' && entity.name === 'process' && entity.path[0] === 'exit') return { call, isNext: i === at + 1 };
    const name = calledName(call) ?? '';
    if (!LOGS.test(name) && !isClosing(name)) return undefined;
  }
  return undefined;
}
