// A small stable hash for identifiers. Not for security and not for content keys.

/** Six hex digits (24 bits of FNV-1a, folded from 32). */
export function hash6(text: string): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    hash ^= text.charCodeAt(i);
    hash = Math.imul(hash, 0x01000193);
  }
  return (((hash >>> 24) ^ hash) & 0xffffff).toString(16).padStart(6, '0');
}
