// Whom a host in the configuration of a proxy means: an address, a Compose service, a Service of Kubernetes, or somebody outside the workspace.

import type { Route, Workload } from './model';
import type { UpstreamServer } from './proxy';

/** `host:port`, `[::1]:80`, `unix:/run/app.sock`, without scheme. Linear. */
export function splitHost(text: string): { readonly host: string; readonly port?: number } {
  if (text.startsWith('unix:') || text.startsWith('/')) return { host: text };
  const match = /^(\[[^\]]*\]|[^:]*):(\d{1,5})$/.exec(text);
  const host = (match?.[1] ?? text).replace(/^\[|\]$/g, '');
  return match ? { host, port: Number(match[2]) } : { host };
}

/** An IP address, `localhost` or a socket: no name that somebody resolves. */
export function isLiteralHost(host: string): boolean {
  return isOwnHost(host) || /^\d{1,3}(?:\.\d{1,3}){3}$/.test(host) || /^[\da-f]*:[\da-f:.]+$/i.test(host);
}

/** The proxy's own machine: it goes down together with it. */
export function isOwnHost(host: string): boolean {
  return /^(?:\*|localhost|127\.\d+\.\d+\.\d+|::1|0\.0\.0\.0|host\.docker\.internal|unix[:@].*|abns@.*|sockpair@.*|fd@.*|\/.*)$/i.test(host);
}

// Names of clouds and hosts of sites, whose addresses change by themselves.
const MOVING = /\.(?:amazonaws\.com|cloudfront\.net|awsglobalaccelerator\.com|azure\.com|azurewebsites\.net|azurecontainerapps\.io|windows\.net|trafficmanager\.net|azureedge\.net|azurefd\.net|googleapis\.com|run\.app|appspot\.com|herokuapp\.com|herokudns\.com|vercel\.app|netlify\.app|fly\.dev|onrender\.com|ondigitalocean\.app|digitaloceanspaces\.com|workers\.dev|pages\.dev|github\.io|githubusercontent\.com|akamaized\.net|edgekey\.net|fastly\.net|supabase\.co|cloudapp\.net|elastic-cloud\.com|mongodb\.net|rlwy\.net|railway\.app)$/i;

/** Whether the address behind a public name changes without anybody's doing: a balancer or a managed service. */
export function movesByItself(host: string): boolean {
  return MOVING.test(host);
}

/** What the model knows of a host: the fields of a server that a name decides. Cost: linear in workloads and Services. */
export function serverOfHost(host: string, of: { readonly workloads: readonly Workload[]; readonly routes: readonly Route[] }): Pick<UpstreamServer, 'isLiteral' | 'workload' | 'namedBy'> {
  if (isLiteralHost(host)) return { isLiteral: true };
  const first = host.split('.')[0] ?? host;
  const isInCluster = /\.svc(?:\.|$)/.test(host);
  if (isInCluster) return { isLiteral: false, workload: first, namedBy: 'service' };
  if (host.includes('.')) return { isLiteral: false };
  if (of.workloads.some((workload) => workload.format === 'compose' && (workload.name === host || workload.id === host))) return { isLiteral: false, workload: host, namedBy: 'compose' };
  if (of.routes.some((route) => route.name === host && route.kind === 'Service')) return { isLiteral: false, workload: host, namedBy: 'service' };
  return { isLiteral: false };
}

/** Paths and names that say that answers come over a long time: sockets, events, uploads and downloads. */
export function soundsStreaming(path: string): boolean {
  return /(?:^|[^a-z])(?:ws|wss|websocket|websockets|socket|sockets|socket\.io|sockjs|engine\.io|stream|streams|streaming|sse|events?|event-?source|live|hubs?|signalr|cable|term|terminal|tty|shell|console|vnc|novnc|long-?poll|polling|watch|notifications?|hmr|upload|uploads|download|downloads|export|import|backup|restore|mcp|graphql-ws|subscriptions?|webrtc|rtc|colyseus|mqtt|channels|pubsub|attach|exec|logs?)(?:[^a-z]|$)/i.test(path);
}
