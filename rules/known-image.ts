// Whether what the catalogue asks of an image holds in the container at hand: it does not where a port, a password, a start command or a configuration file of the user's own may have changed the answer.

import type { ImageEntry } from '../catalog/schema';
import type { Container, Mount } from '../engine/model/model';
import { imageVersion, isExactImage } from '../engine/model/images/known-images';
import { satisfies } from '../engine/model/images/version';
import { settled } from '../engine/model/questions';

type Probe = NonNullable<ImageEntry['probe']>;

/** The health check of the image that runs in a container (Compose's `test`), asking the port that the service declares; undefined where it may never succeed. */
export function knownHealthCheck(container: Container): readonly string[] | undefined {
  const entry = container.knownImage;
  if (!entry?.healthCheck || !holds(container, entry)) return undefined;
  const port = portToAsk(container, entry);
  if (port === 'unknown') return undefined;
  if (port === 'own') return entry.healthCheck;
  const adapted = entry.healthCheck.map((word) => askPort(word, port));
  return adapted.some((word, index) => word !== entry.healthCheck?.[index]) ? adapted : undefined;
}

/** The probe of the image that runs in a container, in the same way. Whether a port is open that is not declared is asked only where nothing changes it. */
export function knownProbe(container: Container): Probe | undefined {
  const entry = container.knownImage;
  if (!entry?.probe || !holds(container, entry)) return undefined;
  const { probe } = entry;
  const port = portToAsk(container, entry);
  if (port === 'unknown') return undefined;
  if (port === 'own') return probe;
  return probe.kind === 'http' && entry.ports[0] === probe.port ? { ...probe, port } : probe.kind === 'tcp' ? { ...probe, port } : undefined;
}

/** `http://127.0.0.1:80/` with another port. */
function askPort(word: string, port: number): string {
  return word.replace(/http:\/\/127\.0\.0\.1(?::\d{1,5})?(?=\/|$)/, `http://127.0.0.1:${port}`);
}

/** The catalogue's own port, the only one that is declared instead, or neither. */
function portToAsk(container: Container, entry: ImageEntry): 'own' | 'unknown' | number {
  if (entry.checkHolds?.always) return 'own';
  const declared = [...new Set(container.ports.flatMap((port) => port.number ?? []))];
  if (declared.some((port) => entry.ports.includes(port))) return 'own';
  if (container.hasOpenPorts || container.ports.some((port) => port.number === undefined)) return 'unknown';
  const [only, ...others] = declared;
  if (only === undefined) return 'own';
  return others.length > 0 || only === 443 || only === 8443 ? 'unknown' : only;
}

function holds(container: Container, entry: ImageEntry): boolean {
  const rules = entry.checkHolds ?? {};
  const image = settled(container.image);
  // Another image of the same name may be built otherwise.
  if (image === undefined || !isExactImage(image, entry)) return false;
  const version = imageVersion(image);
  // A tag without a number names the newest one.
  if (rules.versions !== undefined && (!version || !satisfies(version, rules.versions))) return false;
  if (rules.always) return true;
  if (container.command.state === 'unknown' || (container.command.state === 'absent' && container.replacesEntrypoint)) return false;
  const isNeeded = rules.needsIn === undefined || !version || satisfies(version, rules.needsIn);
  if (rules.needs && isNeeded && !isDefaultEnough(container, rules.needs) && !rules.needs.some((need) => isGiven(container, need))) return false;
  if (rules.unless?.some((word) => isGiven(container, word) || (!word.startsWith('-') && container.hasOpenEnvironment))) return false;
  return !commandMoves(container, entry) && !environmentMoves(container, entry) && (rules.anyConfiguration === true || !hasConfiguration(container, entry));
}

/** A need that only a command can take away (`-m`) is met by the image's own command. */
function isDefaultEnough(container: Container, needs: readonly string[]): boolean {
  return container.command.state !== 'set' && needs.every((need) => need.startsWith('-')) && needs.includes('-m');
}

/** An option of the command, alone or with a value, or a variable; `NAME=value` also compares the value. */
function isGiven(container: Container, given: string): boolean {
  if (given.startsWith('-')) return wordsOf(container).some((word) => word === given || (word.startsWith(`${given}=`) && !word.endsWith('=false')));
  const [name = '', value] = given.split('=');
  const setting = container.environment[name];
  if (!setting) return false;
  if (value === undefined) return setting.state !== 'set' || setting.value !== '';
  return setting.state === 'set' && setting.value.toLowerCase() === value;
}

function wordsOf(container: Container): readonly string[] {
  return container.command.state === 'set' ? container.command.value.flatMap((word) => word.split(/\s+/)).map((word) => word.replace(/^["']|["']$/g, '')) : [];
}

const CONFIGURATION_FILE = /\.(?:conf|cnf|cfg|ini|ya?ml|toml|json|hcl|properties|xml|sh)$/i;

/** The command names a port, an address, a certificate or a file that may hold them, other than the image's own. */
function commandMoves(container: Container, entry: ImageEntry): boolean {
  const words = wordsOf(container);
  return words.some((word, index) => {
    const [option = '', ...rest] = word.split('=');
    const value = rest.length > 0 ? rest.join('=') : (words[index + 1] ?? '');
    if (entry.checkHolds?.anyConfiguration && (/^-+config(?:\.file|-file)?$/.test(option) || CONFIGURATION_FILE.test(option))) return false;
    if (CONFIGURATION_FILE.test(word)) return true;
    // `postgres -c port=5433`
    if (/^(?:port|listen_addresses|config_file|ssl)$/.test(option) && rest.length > 0) return !isOwnAddress(value, entry);
    if (option === '-p') return !isOwnAddress(value, entry);
    if (!/^-/.test(option) || /advertise|console|peer|cluster|remote|bind_ip_all/i.test(option)) return false;
    return /(?:port|listen|addr|bind|tls|ssl|config|conf|prefix|base-?path|external-url)/i.test(option) && !isOwnAddress(value, entry);
  });
}

function environmentMoves(container: Container, entry: ImageEntry): boolean {
  return Object.entries(container.environment).some(([name, setting]) => {
    if (!/(?:^|_)(?:PORT|LISTENERS?|LISTEN|ADDR|ADDRESS)(?:_NUMBER|_HTTP)?$/i.test(name)) return false;
    return setting.state !== 'set' || !isOwnAddress(setting.value, entry) || /SASL|SSL/.test(setting.value);
  });
}

/** Every interface, or an address with a port of the image itself. */
function isOwnAddress(value: string, entry: ImageEntry): boolean {
  const text = value.replace(/["']/g, '');
  return /^(?:0\.0\.0\.0|\*|::|\[::\]|localhost|127\.0\.0\.1)$/.test(text) || entry.ports.some((port) => text === String(port) || new RegExp(`:${port}(?!\\d)`).test(text));
}

/** A file or folder of settings is laid over the image's own. */
function hasConfiguration(container: Container, entry: ImageEntry): boolean {
  return container.hasOpenMounts === true || container.mounts.some((mount) => isConfiguration(mount, entry));
}

function isConfiguration({ target }: Mount, entry: ImageEntry): boolean {
  if ((entry.data ?? []).some(({ path }) => target === path || target.startsWith(`${path}/`))) return false;
  if (/^\/etc\/(?:localtime|timezone|hosts|passwd|group)$|initdb\.d|\/provisioning|\/dashboards?|\.sock$|\.sql$/.test(target)) return false;
  return /(?:^|\/)(?:etc|conf|config|conf\.d|configs)(?:\/|$)/.test(target) || CONFIGURATION_FILE.test(target) || /\/[A-Z][a-z]+file$/.test(target);
}
