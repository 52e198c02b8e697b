// Whether a file that looks like any other runs in a browser: its package has a user interface and nothing that serves.

import type { CodeFacts } from './facts';
import type { PackageInfo } from './project';

const INTERFACE = /^(react-dom|react-native|expo|vue|svelte|solid-js|preact|@angular\/core|@ionic\/.*|lit)$/;
const SERVER = /^(express|fastify|koa|hono|restify|polka|@hapi\/hapi|@nestjs\/core|next|nuxt|nitropack|astro|gatsby|@remix-run\/.*|@react-router\/(node|serve|express)|@sveltejs\/kit|@solidjs\/start|@apollo\/server|@trpc\/server|@grpc\/grpc-js|ws|socket\.io|bullmq|bull|amqplib|kafkajs|pg|mysql2?|mongodb|mongoose|ioredis|@prisma\/client|sequelize|typeorm|knex|electron|serverless|aws-lambda|@types\/aws-lambda|@types\/express)$/;

const COMMAND = /^(commander|yargs|oclif|@oclif\/.*|cac|meow|clipanion|citty|sade|inquirer|@inquirer\/.*)$/;

/** The facts of a file with the role that its package gives it. */
export function inPackage(facts: CodeFacts, info: PackageInfo | undefined): CodeFacts {
  if (facts.role !== 'server' || !info) return facts;
  if (isForBrowsers(info)) return { ...facts, role: 'browser' };
  return isCommand(info) ? { ...facts, role: 'script' } : facts;
}

function isForBrowsers({ dependencies, hasBin }: PackageInfo): boolean {
  const names = Object.keys(dependencies);
  return !hasBin && names.some((name) => INTERFACE.test(name)) && !names.some((name) => SERVER.test(name));
}

// A tool that a person runs and waits for.
function isCommand({ dependencies, hasBin }: PackageInfo): boolean {
  const names = Object.keys(dependencies);
  return hasBin && names.some((name) => COMMAND.test(name)) && !names.some((name) => SERVER.test(name));
}
