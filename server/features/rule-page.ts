// Rule pages as read-only virtual documents, for clients that have them.

import type { Session } from '../session';
import { answer } from '../requests';

export function registerRulePages(session: Session): void {
  session.connection.workspace.textDocumentContent.on((params, token) =>
    answer(session, 'workspace/textDocumentContent', { text: '' }, token, () => ({ text: session.pages.textAt(params.uri) ?? 'There is no rule of this name.\n' })),
  );
}
