// How long a list can get, as far as this file tells: written out or cut to a length, or as long as the data are.

import type { FanOutFact } from '../construct-facts';
import type { Entity, Value } from '../values';
import type { FileReader } from '../file-reader';
import type { Binding } from '../scope';
import { isFunctionNode, memberName, strip } from '../syntax';
import { ts, type TypeScript } from '../typescript';

export interface ListSize {
  readonly size: FanOutFact['size'];
  readonly origin?: NonNullable<FanOutFact['origin']>;
  /** What a caller gives, where the list is that. */
  readonly value?: Value;
  /** The function that gives the list. */
  readonly of?: Entity;
}

const UNKNOWN: ListSize = { size: 'unknown' };
const SMALL: ListSize = { size: 'small' };
// More than this at once is no longer small.
const MOST = 100;
const KEEPS_LENGTH: ReadonlySet<string> = new Set(['filter', 'map', 'flatMap', 'sort', 'toSorted', 'reverse', 'toReversed', 'concat', 'flat', 'values', 'entries', 'keys', 'toArray', 'lean', 'all']);
const CUTS: ReadonlySet<string> = new Set(['slice', 'splice', 'take', 'chunk', 'split', 'sampleSize', 'permissions']);
const KEEPS_LENGTH_OF_ARGUMENT = /^(map|filter|uniq|uniqBy|compact|flatten|flatMap|sortBy|orderBy|values|keys|toArray|reject|without|difference)$/;
const CHUNK_NAME = /chunk|batch|page|slice|window|tuple|pair/i;
const LISTING = /^(readdir|readdirSync|glob|globSync|globby|walk|listObjects\w*|listFiles|listBlobs\w*|getFiles|lsTree|ls)$/;
const QUERY = /^(find|findMany|findAll|findBy|getMany|getRawMany|query|queryRaw|\$queryRaw|select|execute|scan|hgetall|hGetAll|hvals|smembers|sMembers|keys|lrange|lRange|zrange|zRange|mget|aggregate|listAll|getAll|fetchAll|loadAll|selectAll|toArray|allDocs)$|^(find|get|list|fetch|load|select)All\w*$/;
const REQUEST = /^(req|request|ctx|context|c|event)(\??\.(request|req|input|guard|parsed|validated))?\??\.(body|query|files)\b/;
const REQUEST_CALL = /^(c\.|ctx\.|context\.)?(req|request)\.(json|valid|parseBody|formData)$/;
const LODASH = /^(_|lodash)$/;
// The rows of one owner: as many as that one has.
const OF_ONE_OWNER = /(?:For|By|Of)(?:User|Account|Owner|Member|Session|Client)/;
const LIMIT_OPTION = /^(limit|take|first|top|pageSize|perPage|maxResults|MaxKeys|Limit|size|count|MaxNumberOfMessages|batchSize|chunkSize)$/;

/** Size and origin of a list. Follows at most eight steps. */
export function listSize(expression: TypeScript.Expression, reader: FileReader, depth = 0): ListSize {
  if (depth > 8) return UNKNOWN;
  const node = strip(expression);
  if (ts.isArrayLiteralExpression(node)) return arraySize(node, reader, depth);
  if (ts.isIdentifier(node)) return nameSize(node, reader, depth);
  // `new Set(rows.map(({ id }) => id))`
  if (ts.isNewExpression(node)) return ts.isIdentifier(node.expression) && /^(Set|Map)$/.test(node.expression.text) && node.arguments?.[0] ? listSize(node.arguments[0], reader, depth + 1) : UNKNOWN;
  if (REQUEST.test(node.getText(reader.sourceFile).slice(0, 80))) return { size: 'unbounded', origin: 'request' };
  if (ts.isCallExpression(node)) return callSize(node, reader, depth);
  if (ts.isPropertyAccessExpression(node)) {
    if (CHUNK_NAME.test(node.name.text)) return SMALL;
    // `input.items` of what a caller gives
    const given = reader.fold(node);
    if (given.kind === 'parameter') return { size: 'unknown', origin: 'parameter', value: given };
    // `(await pool.query(…)).rows`, `(await api.get(…)).data.items`
    const inner = strip(node.expression);
    return ts.isCallExpression(inner) || ts.isPropertyAccessExpression(inner) || ts.isIdentifier(inner) ? rowsOf(listSize(inner, reader, depth + 1)) : UNKNOWN;
  }
  if (ts.isBinaryExpression(node) && (node.operatorToken.kind === ts.SyntaxKind.QuestionQuestionToken || node.operatorToken.kind === ts.SyntaxKind.BarBarToken)) return listSize(node.left, reader, depth + 1);
  if (ts.isConditionalExpression(node)) {
    const one = listSize(node.whenTrue, reader, depth + 1);
    const other = listSize(node.whenFalse, reader, depth + 1);
    return one.size === other.size ? one : one.size === 'small' ? other : one;
  }
  return UNKNOWN;
}

// A member of a request or of a query's result is as long as they are; a member of anything else is not known.
function rowsOf(inner: ListSize): ListSize {
  return inner.origin === 'query' || inner.origin === 'listing' || inner.origin === 'request' ? inner : UNKNOWN;
}

function arraySize(node: TypeScript.ArrayLiteralExpression, reader: FileReader, depth: number): ListSize {
  for (const element of node.elements) {
    if (!ts.isSpreadElement(element)) continue;
    const inner = listSize(element.expression, reader, depth + 1);
    if (inner.size !== 'small') return inner;
  }
  return SMALL;
}

function nameSize(node: TypeScript.Identifier, reader: FileReader, depth: number): ListSize {
  if (CHUNK_NAME.test(node.text)) return SMALL;
  const binding = reader.lookup(node);
  const declaration = binding?.node;
  if (!binding || !declaration) return UNKNOWN;
  if (binding.kind === 'parameter') {
    const value = reader.fold(node);
    return { size: 'unknown', origin: 'parameter', ...(value.kind === 'parameter' ? { value } : {}) };
  }
  if (ts.isBindingElement(declaration)) return patternSize(declaration, node, reader, depth);
  if (!ts.isVariableDeclaration(declaration) || ts.isForOfStatement(declaration.parent.parent) || ts.isForInStatement(declaration.parent.parent)) return UNKNOWN;
  const writes = reader.writes(binding);
  if (!declaration.initializer) return writes.length === 1 ? writtenSize(writes[0], reader, depth) : UNKNOWN;
  const isGrown = writes.length > 0 || reader.references(binding).some((use) => /^(push|unshift|concat)$/.test(memberName(use.parent) ?? ''));
  if (isEmptyTable(declaration.initializer)) return filledSize(binding, reader, depth);
  const size = listSize(declaration.initializer, reader, depth + 1);
  if (!isGrown || size.size !== 'small') return size;
  return isGrownByText(binding, reader) ? { size: 'unbounded', origin: 'text' } : grownSize(binding, reader, depth);
}

// `let rows; if (all) rows = await query(…)`: a name that is given its value once.
function writtenSize(write: TypeScript.Node | undefined, reader: FileReader, depth: number): ListSize {
  const at = write && ts.isIdentifier(write) ? write.parent : write;
  return at && ts.isBinaryExpression(at) && at.operatorToken.kind === ts.SyntaxKind.EqualsToken ? listSize(at.right, reader, depth + 1) : UNKNOWN;
}

// A list that starts empty and gets one element for each of another list: as long as that.
function grownSize(binding: Binding, reader: FileReader, depth: number): ListSize {
  for (const use of reader.references(binding).slice(0, 20)) {
    const list = memberName(use.parent) === 'push' ? listAround(use) : undefined;
    if (!list) continue;
    const size = listSize(list, reader, depth + 1);
    return size.size === 'small' ? UNKNOWN : size;
  }
  return UNKNOWN;
}

function isEmptyTable(node: TypeScript.Expression): boolean {
  const value = strip(node, false);
  return ts.isObjectLiteralExpression(value) ? value.properties.length === 0 : ts.isNewExpression(value) && (value.arguments?.length ?? 0) === 0 && ts.isIdentifier(value.expression) && /^(Map|Set)$/.test(value.expression.text);
}

// `rows.forEach((row) => { byId[row.id] = row; })`, `for (const row of rows) byId.set(row.id, row)`: as many keys as rows.
function filledSize(binding: Binding, reader: FileReader, depth: number): ListSize {
  for (const use of reader.references(binding).slice(0, 20)) {
    const access = use.parent;
    const isWrite = ts.isElementAccessExpression(access) ? ts.isBinaryExpression(access.parent) && access.parent.left === access && access.parent.operatorToken.kind === ts.SyntaxKind.EqualsToken : /^(set|add)$/.test(memberName(access) ?? '');
    const list = isWrite ? listAround(use) : undefined;
    if (!list) continue;
    const size = listSize(list, reader, depth + 1);
    if (size.size !== 'small') return size;
  }
  return UNKNOWN;
}

// The list of the nearest loop around a node: `for … of`, or a callback of `forEach`.
function listAround(node: TypeScript.Node): TypeScript.Expression | undefined {
  for (let at = node; at.parent; at = at.parent) {
    if (ts.isForOfStatement(at.parent) && at.parent.statement === at) return at.parent.expression;
    if (!isFunctionNode(at)) continue;
    const callee = ts.isCallExpression(at.parent) ? strip(at.parent.expression, false) : undefined;
    return callee && ts.isPropertyAccessExpression(callee) && callee.name.text === 'forEach' ? callee.expression : undefined;
  }
  return undefined;
}

// `const { ids } = request.body`, `const { rows } = await pool.query(…)`, `const [rows] = await pool.execute(…)`
function patternSize(element: TypeScript.BindingElement, name: TypeScript.Identifier, reader: FileReader, depth: number): ListSize {
  const given = reader.fold(name);
  if (given.kind === 'parameter') return { size: 'unknown', origin: 'parameter', value: given };
  const owner = element.parent.parent;
  if (!ts.isVariableDeclaration(owner) || !owner.initializer) return UNKNOWN;
  const source = strip(owner.initializer);
  if (REQUEST.test(source.getText(reader.sourceFile).slice(0, 80))) return { size: 'unbounded', origin: 'request' };
  return rowsOf(listSize(source, reader, depth + 1));
}

function callSize(node: TypeScript.CallExpression, reader: FileReader, depth: number): ListSize {
  const callee = strip(node.expression, false);
  const name = reader.calledName(node);
  const receiver = ts.isPropertyAccessExpression(callee) ? callee.expression : undefined;
  const receiverText = receiver && ts.isIdentifier(receiver) ? receiver.text : '';
  if (receiverText === 'Object' && /^(keys|values|entries)$/.test(name)) return objectSize(node.arguments[0], reader, depth);
  if (receiverText === 'Array' && name === 'from') return fromSize(node, reader, depth);
  if (receiverText === 'JSON' || name === 'parse') return UNKNOWN;
  if (REQUEST_CALL.test(callee.getText(reader.sourceFile).slice(0, 80))) return { size: 'unbounded', origin: 'request' };
  if (LODASH.test(receiverText) && KEEPS_LENGTH_OF_ARGUMENT.test(name)) return node.arguments[0] ? listSize(node.arguments[0], reader, depth + 1) : UNKNOWN;
  if (name === 'matchAll') return { size: 'unbounded', origin: 'text' };
  if (CUTS.has(name)) return SMALL;
  if (ts.isIdentifier(callee) && /^(uniq|uniqBy|uniqueBy|unique|compact|toArray|removeDuplicates|dedupe)$/.test(name)) return node.arguments[0] ? listSize(node.arguments[0], reader, depth + 1) : UNKNOWN;
  if (receiver && isLimited(node, reader)) return SMALL;
  // What an insert gives back is what somebody wrote just now.
  if (receiver && isInsert(node)) return UNKNOWN;
  if (LISTING.test(name)) return { size: 'unbounded', origin: 'listing' };
  if (QUERY.test(name) && !OF_ONE_OWNER.test(name) && !(name === 'keys' && node.arguments.length === 0) && !(name === 'find' && node.arguments[0] && isFunction(node.arguments[0]))) {
    const limit = limitOf(node, reader);
    if (limit === 'small') return SMALL;
    if (limit === 'unknown') return UNKNOWN;
    return { size: 'unbounded', origin: 'query' };
  }
  if (receiver && receiver.kind !== ts.SyntaxKind.ThisKeyword && KEEPS_LENGTH.has(name)) return listSize(receiver, reader, depth + 1);
  const of = reader.resolve(node.expression);
  return { size: 'unknown', origin: 'call', ...(isOfProject(of) ? { of } : {}) };
}

/** Whether an entity is a function of this file or another one, or a method of what one gives. */
export function isOfProject(entity: Entity): boolean {
  return entity.kind === 'function' || entity.kind === 'project' || entity.kind === 'typed-project' || (entity.kind === 'result' && entity.path.length > 0 && isOfProject(entity.of));
}

// A list that a visitor fills, or a loop over the matches in a text: as long as the text has matches.
function isGrownByText(binding: Binding, reader: FileReader): boolean {
  return reader.references(binding).slice(0, 50).some((use) => {
    if (memberName(use.parent) !== 'push') return false;
    for (let at: TypeScript.Node = use; at.parent && at !== binding.node; at = at.parent) {
      if (ts.isWhileStatement(at) && /\.exec\(/.test(at.expression.getText(reader.sourceFile).slice(0, 200))) return true;
      if (isFunctionNode(at)) {
        const callee = ts.isCallExpression(at.parent) ? strip(at.parent.expression, false) : undefined;
        return callee !== undefined && ts.isPropertyAccessExpression(callee) && VISITS.test(callee.name.text);
      }
    }
    return false;
  });
}

const VISITS = /^(descendants|walk|traverse|visit|nodesBetween|replace|replaceAll)$/;

function isFunction(node: TypeScript.Expression): boolean {
  return ts.isArrowFunction(node) || ts.isFunctionExpression(node);
}

function objectSize(node: TypeScript.Expression | undefined, reader: FileReader, depth: number): ListSize {
  if (!node) return UNKNOWN;
  const inner = strip(node, false);
  if (ts.isObjectLiteralExpression(inner)) return SMALL;
  if (REQUEST.test(inner.getText(reader.sourceFile).slice(0, 80))) return { size: 'unbounded', origin: 'request' };
  if (!ts.isIdentifier(inner)) {
    const given = reader.fold(inner);
    return given.kind === 'parameter' ? { size: 'unknown', origin: 'parameter', value: given } : UNKNOWN;
  }
  const binding = reader.lookup(inner);
  if (binding?.kind === 'enum') return SMALL;
  if (binding?.kind === 'parameter' || (binding && ts.isBindingElement(binding.node))) return nameSize(inner, reader, depth + 1);
  const declaration = binding?.node;
  if (!binding || !declaration || !ts.isVariableDeclaration(declaration) || !declaration.initializer) return UNKNOWN;
  const value = strip(declaration.initializer, false);
  if (!ts.isObjectLiteralExpression(value)) return rowsOf(listSize(value, reader, depth + 1));
  // An object that starts empty is filled by somebody.
  return value.properties.length > 0 && !value.properties.some(ts.isSpreadAssignment) ? SMALL : UNKNOWN;
}

function fromSize(node: TypeScript.CallExpression, reader: FileReader, depth: number): ListSize {
  const first = node.arguments[0];
  if (!first) return UNKNOWN;
  const value = reader.fold(first);
  const length = value.kind === 'object' ? value.entries.find(({ key }) => key === 'length')?.value : undefined;
  if (length?.kind === 'number') return length.value <= MOST ? SMALL : UNKNOWN;
  return length ? UNKNOWN : listSize(first, reader, depth + 1);
}

// `db.insertInto('orders').values(rows).returning('id').execute()`
function isInsert(node: TypeScript.CallExpression): boolean {
  let at: TypeScript.Expression = node;
  for (let hops = 0; hops < 20 && ts.isCallExpression(at); hops++) {
    const callee = strip(at.expression, false);
    if (!ts.isPropertyAccessExpression(callee)) return false;
    if (/^insert(Into)?$/.test(callee.name.text)) return true;
    at = strip(callee.expression, false);
  }
  return false;
}

// `.limit(10)`, `.take(20)` somewhere in the chain before the list.
function isLimited(node: TypeScript.CallExpression, reader: FileReader): boolean {
  let at: TypeScript.Expression = node;
  for (let hops = 0; hops < 20 && ts.isCallExpression(at); hops++) {
    const callee = strip(at.expression, false);
    if (!ts.isPropertyAccessExpression(callee)) return false;
    if (/^(limit|take|first|top|slice|maxTime)$/.test(callee.name.text) && callee.name.text !== 'maxTime') {
      const value = at.arguments[0] ? reader.fold(at.arguments[0]) : undefined;
      return value?.kind !== 'number' || value.value <= MOST;
    }
    at = strip(callee.expression, false);
  }
  return false;
}

// A limit among the arguments: in the options, or `LIMIT 50` in the text of a query.
function limitOf(node: TypeScript.CallExpression, reader: FileReader): 'small' | 'unknown' | 'none' {
  for (const argument of node.arguments.slice(0, 4)) {
    const text = argument.getText(reader.sourceFile).slice(0, 4_000);
    const written = /\blimit\s+(\d+)/i.exec(text)?.[1];
    if (written !== undefined) return Number(written) <= MOST ? 'small' : 'none';
    if (/\blimit\s+[$:?]/i.test(text)) return 'unknown';
    if (/\bwhere\b[^;]*\bid\s*=\s*[$?]/i.test(text)) return 'small';
    const value = reader.fold(argument);
    if (value.kind !== 'object') {
      if (value.kind === 'unknown' && !ts.isStringLiteralLike(argument) && node.arguments.length === 1 && ts.isIdentifier(argument)) return 'unknown';
      continue;
    }
    const limit = value.entries.find(({ key }) => LIMIT_OPTION.test(key));
    // The rows of one owner: as many as that one has.
    const where = value.entries.find(({ key }) => key === 'where')?.value ?? value;
    if (where.kind === 'object' && where.entries.some(({ key, value: given }) => /[a-z](Id|_id)$/.test(key) && given.kind !== 'object' && given.kind !== 'array')) return 'unknown';
    // A page of a listing is short; what is worked through in no order goes up to whatever the caller says.
    const isPage = value.entries.some(({ key }) => /^(order|orderBy|sort|offset|skip|page|cursor|after)$/.test(key));
    if (limit?.value.kind === 'parameter' && !isPage && !value.isOpen) return 'none';
    if (limit) return limit.value.kind === 'number' ? (limit.value.value <= MOST ? 'small' : 'none') : 'unknown';
    if (value.isOpen) return 'unknown';
  }
  return 'none';
}
