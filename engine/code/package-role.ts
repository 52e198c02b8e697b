// Whether a file that looks like any other runs in a browser: its package has a user interface and nothing that serves.

import type { CodeFacts } from './facts';
import type { PackageInfo } from './project';

const INTERFACE = /^(react-dom|react-native|expo|vue|svelte|solid-js|preact|@angular\/core|@ionic\/.*|lit)$/;
const SERVER = /^(express|fastify|koa|hono|restify|polka|@hapi\/hapi|@nestjs\/core|next|nuxt|nitropack|astro|gatsby|@remix-run\/.*|@react-router\/(node|serve|express)|@sveltejs\/kit|@solidjs\/start|@apollo\/server|@trpc\/server|@grpc\/grpc-js|ws|socket\.io|bullmq|bull|amqplib|kafkajs|pg|mysql2?|mongodb|mongoose|ioredis|@prisma\/client|sequelize|typeorm|knex|electron|serverless|aws-lambda|@types\/aws-lambda|@types\/express)$/;

const COMMAND = /^(commander|yargs|oclif|@oclif\/.*|cac|meow|clipanion|citty|sade|inquirer|@inquirer\/.*)$/;

/** Names of scripts that start a service. */
export const STARTS = /^(start|serve)(:|$)/;

const COMMAND_FOLDER = /(^|\/)(commands|cli)\//;

/** The facts of a file with the role that its package gives it. `isCommandFile` = only a command-line program brings it in, `isImported` = some file does. */
export function inPackage(facts: CodeFacts, info: PackageInfo | undefined, isCommandFile: boolean, isImported: boolean): CodeFacts {
  if (facts.role !== 'server' || !info) return facts;
  if (isCommandFile || isBelowCommands(facts, info) || (!isImported && isByHand(facts, info))) return { ...facts, role: 'script' };
  if (isForBrowsers(info)) return { ...facts, role: 'browser' };
  return isCommand(info) ? { ...facts, role: 'script' } : facts;
}

function isForBrowsers({ dependencies, hasBin }: PackageInfo): boolean {
  const names = Object.keys(dependencies);
  return !hasBin && names.some((name) => INTERFACE.test(name)) && !names.some((name) => SERVER.test(name));
}

// A command of a tool, unless it is the one that serves: `cli/serve.ts`.
function isBelowCommands(facts: CodeFacts, { folder, hasBin }: PackageInfo): boolean {
  if (!hasBin || !COMMAND_FOLDER.test(folder === '' ? facts.path : facts.path.slice(folder.length + 1))) return false;
  return facts.servers.length === 0 && facts.routes.length === 0 && !facts.processListeners.some(({ event }) => event === 'SIGTERM');
}

// A program in a library that nothing starts and nothing can import: somebody ran it once.
function isByHand(facts: CodeFacts, { isLibrary, scripts }: PackageInfo): boolean {
  if (isLibrary !== true || Object.keys(scripts).some((name) => STARTS.test(name))) return false;
  return facts.exports.length + facts.servers.length + facts.routes.length + facts.consumers.length + facts.timers.length + facts.processListeners.length === 0;
}

/** Whether a package has a `bin` and a library that reads a command line. */
export function hasCommandLibrary({ dependencies, hasBin }: PackageInfo): boolean {
  return hasBin && Object.keys(dependencies).some((name) => COMMAND.test(name));
}

// A tool that a person runs and waits for.
function isCommand(info: PackageInfo): boolean {
  return hasCommandLibrary(info) && !Object.keys(info.dependencies).some((name) => SERVER.test(name));
}
