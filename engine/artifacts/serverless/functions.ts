// The functions of a service as cloud resources, in the framework's own words.

import { folderOf } from '../../model/paths';
import type { CloudMap, CloudResource, CloudValue } from '../cloud';
import { evaluate } from '../cloudformation/evaluate';
import { handlerFile } from '../cloudformation/function-code';
import { mentionsOf } from '../cloudformation/mentions';
import { scalarText } from '../cloudformation/values';
import type { ServerlessFacts } from './facts';
import { functionId, logicalIdOf, withProvider, type Member, type Service } from './service';

/** A function with its properties, in the framework's words. */
export function functionOf(member: Member, service: Service, file: ServerlessFacts, hasFile: (path: string) => boolean): CloudResource {
  const { entry } = member;
  const { scope } = service;
  const id = functionId(file.path, entry.name);
  const written = withProvider(entry.value, file.root);
  const properties = openMap(evaluate(written, scope, member.file), scope.locate(entry.nameSpan, member.file));
  const handler = scalarText(properties.entries['handler']);
  const code = handler === undefined ? undefined : handlerFile(folderOf(file.path), handler, hasFile);
  const place = { file: member.file, span: entry.nameSpan };
  return {
    id,
    dialect: 'serverless',
    type: 'function',
    name: entry.name,
    scope: file.path,
    at: place,
    block: place,
    resource: { file: member.file, format: 'serverless', document: 0, path: [...member.path, entry.name] },
    properties,
    copies: { state: 'default', value: 1, source: 'Serverless Framework' },
    isConditional: false,
    mentions: mentionsOf(written, scope).filter((mention) => mention !== id),
    unmanaged: service.extended.has(logicalIdOf(entry.name)) ? ['*'] : [],
    ...(code ? { code } : {}),
  };
}

function openMap(value: CloudValue | undefined, place: CloudMap['at']): CloudMap {
  return value?.kind === 'map' ? value : { kind: 'map', entries: {}, isOpen: true, at: place };
}
