// What a comment or an annotation of another linter accepts: its words are read here, which rule of ours asks the same stands in catalog/peers.

/** Linters whose words are known. */
export const PEERS_WITH_SUPPRESSIONS = ['checkov', 'trivy', 'kics', 'hadolint', 'zizmor', 'pint', 'kube-linter', 'kube-score', 'polaris', 'cfn-lint', 'guard', 'cdk-nag'] as const;

export type PeerName = (typeof PEERS_WITH_SUPPRESSIONS)[number];

/** What is accepted, and in which part of the text. */
export interface PeerDirective {
  readonly peer: PeerName;
  /** As the peer writes them; empty = every check of the peer. */
  readonly checks: readonly string[];
  /** Empty where the peer has no place for one. */
  readonly reason: string;
  /** ISO date after which it ends. */
  readonly until?: string;
  readonly scope: 'file' | 'line' | 'next-line' | 'block';
}

const HINT = /(?:checkov|bridgecrew|cortex):skip=|(?:tfsec|trivy):ignore:|kics-scan |hadolint[ \t]+(?:global[ \t]+)?ignore|zizmor:[ \t]*ignore|#[ \t]*pint /;

/** Whether a text may hold a comment that suppresses something: of Holdfast, or of another linter. One look, no parse. */
export function mayHoldSuppressions(text: string): boolean {
  return text.includes('holdfast-') || HINT.test(text);
}

/**
 * What a comment of another linter accepts; `body` is without the comment's marks. Linear.
 * Read in: checkov docs (suppressing and skipping policies), trivy docs (filtering, inline), docs.kics.io (running KICS, comment commands), hadolint README (inline ignores), docs.zizmor.sh (ignoring results), pint docs (ignoring checks).
 */
export function peerDirectives(body: string): PeerDirective[] {
  const text = body.trim();
  const checkov = /^(?:checkov|bridgecrew|cortex):skip=([A-Za-z0-9_, ]{1,500})(?::([\s\S]*))?$/.exec(text);
  if (checkov) return [{ peer: 'checkov', checks: names(checkov[1]), reason: plain(checkov[2]), scope: 'block' }];
  if (/(?:tfsec|trivy):ignore:/.test(text)) return trivyDirectives(text);
  const kics = /^kics-scan[ \t]+(ignore-line|ignore-block|ignore)[ \t]*$/.exec(text);
  if (kics) return [{ peer: 'kics', checks: [], reason: '', scope: kics[1] === 'ignore-line' ? 'next-line' : kics[1] === 'ignore-block' ? 'block' : 'file' }];
  const hadolint = /^hadolint[ \t]+(global[ \t]+)?ignore[ \t]*=[ \t]*([A-Za-z0-9]+(?:[ \t]*,[ \t]*[A-Za-z0-9]+)*)([\s\S]*)$/.exec(text);
  if (hadolint) return [{ peer: 'hadolint', checks: names(hadolint[2]), reason: plain(hadolint[3]?.replace(/^[\s;#:-]+/, '')), scope: hadolint[1] === undefined ? 'next-line' : 'file' }];
  const zizmor = /^zizmor:[ \t]*ignore\[([\w, -]{1,500})\]([\s\S]*)$/.exec(text);
  if (zizmor) return [{ peer: 'zizmor', checks: names(zizmor[1]), reason: plain(zizmor[2]), scope: 'line' }];
  const pint = /^pint[ \t]+(?:(ignore\/(?:file|line|next-line))|(file\/)?disable[ \t]+([a-z_]+\/[a-z_]+)(?:\([^)]*\))?)[ \t]*$/.exec(text);
  if (!pint) return [];
  const scope = pint[1] === undefined ? (pint[2] === undefined ? 'block' : 'file') : pint[1] === 'ignore/file' ? 'file' : pint[1] === 'ignore/line' ? 'line' : 'next-line';
  return [{ peer: 'pint', checks: names(pint[3]), reason: '', scope }];
}

/** `trivy:ignore:AVD-AWS-0077:exp:2027-01-01`, several in a row, `*` for all. Each may end on its own day. */
function trivyDirectives(text: string): PeerDirective[] {
  const found = [...text.matchAll(/(?:tfsec|trivy):ignore:([\w*.-]+)(?:\[[^\]\n]{0,200}\])?(?::exp:(\d{4}-\d\d-\d\d))?/g)];
  const last = found.at(-1);
  const reason = last ? plain(text.slice(last.index + last[0].length)) : '';
  return found.map(([, check = '', until]) => ({ peer: 'trivy', checks: check === '*' ? [] : [check], reason, ...(until === undefined ? {} : { until }), scope: 'block' }));
}

/**
 * What an annotation of a Kubernetes object accepts for it. Read in: checkov docs (Kubernetes annotations), docs.kubelinter.io (ignoring violations), kube-score README (ignoring a test), polaris.docs.fairwinds.com (exemptions).
 */
export function peerAnnotation(key: string, value: string): PeerDirective | undefined {
  const slash = key.indexOf('/');
  const name = key.slice(slash + 1);
  const accept = (peer: PeerName, checks: readonly string[], reason: string): PeerDirective => ({ peer, checks, reason: plain(reason), scope: 'block' });
  switch (key.slice(0, Math.max(0, slash))) {
    case 'checkov.io':
    case 'bridgecrew.io': {
      const equals = value.indexOf('=');
      return /^skip\d*$/.test(name) ? accept('checkov', names(equals < 0 ? value : value.slice(0, equals)), equals < 0 ? '' : value.slice(equals + 1)) : undefined;
    }
    case 'ignore-check.kube-linter.io':
      return accept('kube-linter', [name], value);
    case 'kube-linter.io':
      return name === 'ignore-all' ? accept('kube-linter', [], value) : undefined;
    case 'kube-score':
      return name === 'ignore' && names(value).length > 0 ? accept('kube-score', names(value), '') : undefined;
    case 'polaris.fairwinds.com':
      if (value !== 'true') return undefined;
      return name === 'exempt' ? accept('polaris', [], '') : name.endsWith('-exempt') ? accept('polaris', [name.slice(0, -'-exempt'.length)], '') : undefined;
  }
  return undefined;
}

function names(text: string | undefined): string[] {
  return (text ?? '').split(/[\s,]+/).filter((name) => name !== '');
}

/** One line, without what separates it. */
function plain(text: string | undefined): string {
  return (text ?? '').replaceAll(/\s+/g, ' ').trim().slice(0, 500);
}
