// Facts of the thing under the cursor: the limits of a call or client, or how a workload runs. Also where nothing is wrong.

import type { Hover } from 'vscode-languageserver/node';
import type { Location } from '../../engine/text';
import { describeCall, describeClient } from '../hover/limits';
import type { HoverText } from '../hover/text';
import { describeWorkload } from '../hover/workload';
import { locate, positionTextOf, toOffset, toRange } from '../positions';
import { answer } from '../requests';
import type { Place, Session } from '../session';

export function registerHover(session: Session): void {
  session.connection.onHover((params, token) =>
    answer<Hover | null>(session, 'textDocument/hover', null, token, async () => {
      const place = session.placeOf(params.textDocument.uri);
      if (!place || !place.folder.settings.hover) return null;
      await place.folder.settled(place.path);
      const text = place.folder.documents.get(place.path)?.text;
      if (text === undefined) return null;
      const located = locate(text);
      const found = describe(session, place, toOffset(located, params.position, session.features.encoding));
      if (!found) return null;
      const value = session.features.markdownHover ? found.markdown : found.plain;
      return { contents: { kind: session.features.markdownHover ? 'markdown' : 'plaintext', value }, range: toRange(located, found.span, session.features.encoding) };
    }),
  );
}

function describe(_session: Session, { folder, path }: Place, offset: number): HoverText | undefined {
  const linked = folder.workspace.linked;
  if (!linked) return undefined;
  const placeText = (at: Location): string => positionTextOf(at, folder.workspace.textOf(at.file));
  const holds = ([start, end]: readonly [number, number]): boolean => start <= offset && offset <= end;
  const file = linked.code.files.find((one) => one.path === path);
  const call = file?.calls.find((one) => holds(one.fact.callee));
  if (call) return describeCall(call, placeText);
  const client = file?.clients.find((one) => holds(one.fact.callee) || (one.fact.name !== undefined && holds(one.fact.name.span)));
  if (client) return describeClient(client, placeText);
  const workload = linked.system.workloads.find((one) => (one.at.file === path && holds(one.at.span)) || (one.block.file === path && holds(one.block.span)));
  return workload && describeWorkload(workload, linked.system, holds(workload.at.span) ? workload.at.span : workload.block.span);
}
