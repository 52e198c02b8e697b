// The language status item: what Holdfast is doing, in the editor's own place for it.

import { languages, LanguageStatusSeverity, workspace, type Disposable, type LanguageStatusItem } from 'vscode';
import type { Status } from '../server/features/status';
import { LANGUAGES } from './languages';

export class StatusItem implements Disposable {
  private readonly item: LanguageStatusItem;
  private last: Status | undefined;

  constructor() {
    this.item = languages.createLanguageStatusItem('holdfast.status', [...LANGUAGES]);
    this.item.name = 'Holdfast';
    this.item.command = { command: 'holdfast.showMenu', title: 'Menu' };
    this.showStarting();
  }

  showStarting(): void {
    this.set('Holdfast: starting', 'Reading begins in a moment.', { isBusy: true });
  }

  showStopped(): void {
    this.set('Holdfast: stopped, restart', 'Nothing is checked.', { severity: LanguageStatusSeverity.Error });
  }

  refresh(): void {
    if (this.last) this.show(this.last);
  }

  show(message: Status): void {
    this.last = message;
    if (message.kind === 'reading') {
      this.set(`Holdfast: reading ${message.done.toLocaleString('en')} of ${message.total.toLocaleString('en')}`, '', { isBusy: true });
      return;
    }
    const read = `${message.codeFiles.toLocaleString('en')} code and ${message.infrastructureFiles.toLocaleString('en')} infrastructure files were read.`;
    if (message.isOff) this.set('Holdfast: off here', '`holdfast.enable` is off.', {});
    else if (message.notRead > 0)
      this.set(`Holdfast: ${message.notRead} ${message.notRead === 1 ? 'file' : 'files'} not read`, read, { severity: LanguageStatusSeverity.Warning });
    else this.set(`Holdfast: ${message.findings === 0 ? 'nothing found' : message.findings}${workspace.isTrusted ? '' : ', untrusted folder'}`, read, {});
  }

  dispose(): void {
    this.item.dispose();
  }

  private set(
    text: string,
    detail: string,
    { severity = LanguageStatusSeverity.Information, isBusy = false }: { severity?: LanguageStatusSeverity; isBusy?: boolean },
  ): void {
    this.item.text = text;
    this.item.detail = detail;
    this.item.severity = severity;
    this.item.busy = isBusy;
  }
}
