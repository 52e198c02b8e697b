// The file of the workspace that a function construct runs: `entry` of a NodejsFunction, asset folder and handler of a Function.

import type { CloudMap, CloudResource, CloudValue } from '../../artifacts/cloud';
import { folderOf, join } from '../module-paths';
import type { ConstructFact } from './facts';

const ENDINGS = ['.ts', '.mts', '.js', '.mjs', '.cjs', '.tsx', '.jsx'];

interface Folders {
  readonly files: { has(path: string): boolean };
  packageFolder(file: string): string | undefined;
}

/** The code behind a function, where the workspace holds it. */
export function codeOf(fact: ConstructFact, properties: CloudMap, path: string, folders: Folders): CloudResource['code'] {
  if (fact.dialect !== 'cdk' || !/\/aws-lambda(?:-nodejs)?\.\w*Function$/.test(fact.type)) return undefined;
  const handler = textOf(properties.entries['handler']);
  if (fact.type.startsWith('aws-cdk-lib/aws-lambda-nodejs.')) {
    const entry = properties.entries['entry'];
    // Without an entry it is the file beside the one that defines it, with the construct's id.
    const given = entry ? placesOf(textOf(entry), path, folders) : [`${path.replace(/\.[cm]?[jt]sx?$/, '')}.${fact.name}`];
    const file = given.flatMap((candidate) => existing(candidate, folders)).at(0);
    return file === undefined ? undefined : { file, handler: handler ?? 'handler' };
  }
  const asset = properties.entries['code'];
  const folder = asset?.kind === 'map' ? assetFolder(asset) : undefined;
  const dot = handler?.lastIndexOf('.') ?? -1;
  if (folder === undefined || handler === undefined || dot < 0) return undefined;
  const file = placesOf(`${folder}/${handler.slice(0, dot)}`, path, folders).flatMap((candidate) => existing(candidate, folders)).at(0);
  return file === undefined ? undefined : { file, handler: handler.slice(dot + 1) };
}

function assetFolder(asset: CloudMap): string | undefined {
  const given = asset.entries['$arguments'];
  return given?.kind === 'list' && /\b(?:from)?[aA]sset/.test(textOf(asset.entries['$type']) ?? '') ? textOf(given.items[0]) : undefined;
}

function textOf(value: CloudValue | undefined): string | undefined {
  return value?.kind === 'text' ? value.value : undefined;
}

// Relative to the file where it says so, else to where the program is run: its package, or the workspace.
function placesOf(text: string | undefined, path: string, { packageFolder }: Folders): string[] {
  if (text === undefined) return [];
  const own = /^\$\{__dirname\}\/?(.*)$/.exec(text)?.[1];
  if (own !== undefined) return [join(folderOf(path), own)];
  return [...new Set([packageFolder(path) ?? '', ''])].map((folder) => join(folder, text));
}

function existing(path: string, { files }: Folders): string[] {
  if (files.has(path)) return [path];
  return ENDINGS.map((ending) => path + ending).filter((candidate) => files.has(candidate)).slice(0, 1);
}
