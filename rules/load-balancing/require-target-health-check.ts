// A balancer that does not ask whether a target can answer gives a dead one the same share as a living one.

import { defineRule, type Report } from '../../engine/lint/rule';
import type { Route, SystemModel } from '../../engine/model/model';
import { intend, settled } from '../../engine/model/questions';
import { isOwnHost } from '../../engine/model/proxy-hosts';
import type { Upstream } from '../../engine/model/proxy';
import { isLive, repairs, subjectOfThing } from '../cloud-fixes';
import { documents, manifest, service } from '../example-manifests';
import { resource, stack } from '../example-templates';
import { clip } from '../limits';
import { fixAt, severityOfPart, subjectOfPart } from '../proxies';
import { HAPROXY_LIMITS, envoy, haproxy, nginx, traefik } from '../proxy-examples';

export const requireTargetHealthCheck = defineRule<'notReady' | 'unchecked' | 'off' | 'matches' | 'port'>({
  id: 'load-balancing/require-target-health-check',
  since: '0.1.0',
  severity: 'warning',
  reads: 'infrastructure',
  fault: 'down',
  messages: {
    notReady: 'An instance of `{target}` that is not ready gets requests: Service `{route}` publishes it all the same.',
    off: 'A dead target of `{name}` keeps its share of the requests: its {title} checks nothing.',
    matches: 'A failing target of `{name}` counts as healthy: its check accepts `{codes}`.',
    port: { text: 'A hung target of `{name}` counts as healthy: its check only opens the port.', severity: 'info' },
    unchecked: 'A dead `{server}` keeps its share of the requests: {kind} `{upstream}` checks no server.',
  },
  docs: {
    what: 'Reports a balancing Service that also sends requests to instances that are not ready, and a pool of a proxy that neither checks its servers nor takes failing ones out.',
    why: 'Readiness is the only thing that takes a starting or failing instance out of the rotation. Published all the same, it keeps its share of the requests.',
    fix: 'Check the servers, or take failing ones out. Publish only ready addresses, and use a second, headless Service where members have to find each other before they are ready.',
    not: 'Proxies that take servers out by default (nginx), pools by discovery, a lone server on the proxy\'s own host. Headless Services and addresses of one member (members find each other through them), and values that a template decides.',
  },
  check({ system, report }) {
    for (const route of system.routes) {
      if (!route.publishesNotReady || route.isHeadless || !route.selector || namesOneMember(route)) continue;
      const target = system.workloads.find((workload) => workload.id === route.targets[0]);
      report({
        at: route.publishesNotReadyAt ?? route.at,
        message: 'notReady',
        data: { target: target?.name ?? route.name, route: route.name },
        related: target ? [{ at: target.at, text: 'whose instances it reaches' }] : [],
        fixes: [{ title: 'Publish only ready addresses', safety: 'unsafe', operations: [intend(route.resource, { kind: 'set-publishes-not-ready', value: false })] }],
        subject: `${route.kind}/${route.name}`,
      });
    }
    for (const finding of cloudFindings(system)) report(finding);
    for (const upstream of system.upstreams) {
      const [first] = upstream.servers;
      if (!first || !isUnchecked(upstream)) continue;
      const data = { server: clip(first.host, 40), kind: upstream.kind, upstream: clip(upstream.name, 40) };
      report({ at: upstream.at, message: 'unchecked', data, fixes: fixAt(upstream, 'unsafe', upstream.checkFix), subject: subjectOfPart(upstream), ...severityOfPart(upstream) });
    }
  },
  examples: {
    bad: [
      {
        name: 'a target group that checks nothing',
        files: { 'stack.yaml': stack(resource('Targets', 'AWS::ElasticLoadBalancingV2::TargetGroup', 'Protocol: HTTP', 'HealthCheckEnabled: «false»')) },
        expect: 'off',
        fixed: { 'stack.yaml': stack(resource('Targets', 'AWS::ElasticLoadBalancingV2::TargetGroup', 'Protocol: HTTP', 'HealthCheckEnabled: true')) },
      },
      {
        name: 'a check that every answer passes',
        files: { 'main.tf': 'resource "aws_lb_target_group" "web" {\n  protocol = "HTTP"\n\n  health_check {\n    path    = "/"\n    matcher = «"200-499"»\n  }\n}\n' },
        expect: 'matches',
        fixed: { 'main.tf': 'resource "aws_lb_target_group" "web" {\n  protocol = "HTTP"\n\n  health_check {\n    path    = "/"\n    matcher = "200-399"\n  }\n}\n' },
      },
      { name: 'a check that only opens the port', files: { 'main.tf': 'resource "aws_lb_target_group" "web" {\n  protocol = "HTTP"\n\n  health_check {\n    protocol = «"TCP"»\n  }\n}\n' }, expect: 'port' },
      { name: 'a classic balancer without a check', files: { 'main.tf': 'resource "aws_elb" «"web"» {\n  connection_draining = true\n}\n' }, expect: 'off' },
      {
        name: 'a balancing Service',
        files: { 'k8s/orders.yaml': documents(manifest('orders'), service('orders', 'orders', '  «publishNotReadyAddresses: true»\n')) },
        expect: 'notReady',
        fixed: { 'k8s/orders.yaml': documents(manifest('orders'), service('orders', 'orders', '  publishNotReadyAddresses: false\n')) },
      },
      { name: 'a load balancer', files: { 'k8s/orders.yaml': documents(manifest('orders'), service('orders', 'orders', '  type: LoadBalancer\n  «publishNotReadyAddresses: true»\n')) }, expect: 'notReady' },
      { name: 'a Service in another file', files: { 'k8s/orders.yaml': manifest('orders'), 'k8s/service.yaml': service('orders', 'orders', '  «publishNotReadyAddresses: yes»\n') }, expect: 'notReady' },
      {
        name: 'HAProxy checks nobody who does not ask for it',
        files: { 'haproxy.cfg': haproxy(HAPROXY_LIMITS, ['server app-1 10.0.0.1:80', 'server app-2 10.0.0.2:80'], '«backend orders»') },
        expect: 'unchecked',
        fixed: { 'haproxy.cfg': haproxy(HAPROXY_LIMITS, ['default-server check inter 3s fall 3 rise 2', 'server app-1 10.0.0.1:80', 'server app-2 10.0.0.2:80']) },
      },
      {
        name: 'Envoy with neither checks nor outlier detection',
        files: { 'envoy.yaml': envoy(['- match: { prefix: / }', '  route: { cluster: orders }'], ['type: STATIC'], ['10.0.0.1', '10.0.0.2'], '«orders»') },
        expect: 'unchecked',
      },
      {
        name: 'Caddy',
        files: { 'Caddyfile': 'shop.example {\n\t«reverse_proxy 10.0.0.1:80 10.0.0.2:80» {\n\t\ttransport http {\n\t\t\tresponse_header_timeout 30s\n\t\t}\n\t}\n}\n' },
        expect: 'unchecked',
        fixed: { 'Caddyfile': 'shop.example {\n\treverse_proxy 10.0.0.1:80 10.0.0.2:80 {\n\t\ttransport http {\n\t\t\tresponse_header_timeout 30s\n\t\t}\n\t\tfail_duration 30s\n\t}\n}\n' },
      },
      { name: 'Traefik', files: { 'dynamic.yml': traefik([], undefined, '«orders»') }, expect: 'unchecked' },
      { name: 'the workload is elsewhere', files: { 'k8s/service.yaml': service('orders', 'orders', '  «publishNotReadyAddresses: true»\n') }, expect: 'notReady' },
    ],
    good: [
      { name: 'the default of a target group asks for its root', files: { 'main.tf': 'resource "aws_lb_target_group" "web" {\n  protocol = "HTTP"\n}\n' } },
      { name: 'a redirect or a login page is an answer', files: { 'main.tf': 'resource "aws_lb_target_group" "web" {\n  protocol = "HTTP"\n\n  health_check {\n    matcher = "200,302,401"\n  }\n}\n' } },
      { name: 'only ready addresses', files: { 'k8s/orders.yaml': documents(manifest('orders'), service('orders')) } },
      { name: 'a check of the defaults', files: { 'haproxy.cfg': haproxy([...HAPROXY_LIMITS, 'default-server check'], ['server app-1 10.0.0.1:80', 'server app-2 10.0.0.2:80']) } },
      { name: 'a server that follows another one', files: { 'haproxy.cfg': haproxy(HAPROXY_LIMITS, ['server app-1 10.0.0.1:80 track other/app-1', 'server app-2 10.0.0.2:80 track other/app-2']) } },
      { name: 'nginx takes failing servers out by default', files: { 'nginx.conf': nginx(['proxy_pass http://orders;'], ['upstream orders {', '    server 10.0.0.1:80;', '    server 10.0.0.2:80;', '}']) } },
      { name: 'Traefik with a check', files: { 'dynamic.yml': traefik(['healthCheck:', '  path: /readyz']) } },
      { name: 'members find each other', files: { 'k8s/db.yaml': documents(manifest('mongo', { kind: 'StatefulSet', image: 'mongo:7' }), service('mongo', 'mongo', '  clusterIP: None\n  publishNotReadyAddresses: true\n')) } },
      { name: 'an address of one member', files: { 'k8s/db.yaml': documents(manifest('mongo', { kind: 'StatefulSet', image: 'mongo:7' }), service('mongo-0', 'mongo', '  publishNotReadyAddresses: true\n').replace('    app: mongo', '    statefulset.kubernetes.io/pod-name: mongo-0')) } },
      { name: 'written and off', files: { 'k8s/orders.yaml': documents(manifest('orders'), service('orders', 'orders', '  publishNotReadyAddresses: false\n')) } },
      { name: 'no selector', files: { 'k8s/legacy.yaml': 'apiVersion: v1\nkind: Service\nmetadata:\n  name: legacy\nspec:\n  publishNotReadyAddresses: true\n  ports:\n    - port: 80\n' } },
    ],
    unknown: [
      { name: 'options from a snippet that is not here', files: { 'Caddyfile': 'shop.example {\n\treverse_proxy 10.0.0.1:80 10.0.0.2:80 {\n\t\timport shared\n\t}\n}\n' } },
      { name: 'a template value', files: { 'chart/templates/service.yaml': service('orders', 'orders', '  publishNotReadyAddresses: {{ .Values.early }}\n') } },
      { name: 'under a template condition', files: { 'chart/templates/service.yaml': service('orders', 'orders', '  {{- if .Values.early }}\n  publishNotReadyAddresses: true\n  {{- end }}\n') } },
    ],
  },
});

/** Target groups and classic balancers: a check that is off, cannot fail, or asks the port alone where requests are HTTP. */
function cloudFindings(system: SystemModel): Report<'off' | 'matches' | 'port'>[] {
  const found: Report<'off' | 'matches' | 'port'>[] = [];
  for (const group of system.cloud.targetGroups) {
    if (!isLive(group) || settled(group.targetType) === 'lambda' || settled(group.targetType) === 'alb') continue;
    const common = { data: { name: group.name, title: group.title, codes: settled(group.matcher) ?? '' }, label: group.title, subject: subjectOfThing(group) };
    const isHttp = /^https?$/i.test(settled(group.protocol)?.replace(/^.*\./, '') ?? '');
    if (settled(group.check) === false) found.push({ ...common, at: group.check.state === 'set' ? group.check.at : group.at, message: 'off', fixes: repairs(group, 'check', 'unsafe', 'Check the targets') });
    else if (group.matcher.state === 'set' && /(?:^|[-,])(?:4|5)\d\d/.test(group.matcher.value.replace(/(?:^|,)(?:401|403|404|405|302|301)(?=,|$)/g, ''))) found.push({ ...common, at: group.matcher.at, message: 'matches', fixes: repairs(group, 'matcher', 'unsafe', 'Accept 200 to 399') });
    else if (isHttp && group.checkProtocol.state === 'set' && /^tcp$/i.test(group.checkProtocol.value)) found.push({ ...common, at: group.checkProtocol.at, message: 'port' });
  }
  for (const balancer of system.cloud.balancers) {
    if (!balancer.isClassic || !isLive(balancer) || settled(balancer.check) !== false) continue;
    found.push({ at: balancer.at, message: 'off', data: { name: balancer.name, title: balancer.title }, label: balancer.title, fixes: repairs(balancer, 'check', 'unsafe', 'Check the targets'), subject: subjectOfThing(balancer) });
  }
  return found;
}

/** A Service for one member of a StatefulSet balances nothing: members find each other through it. */
function namesOneMember(route: Route): boolean {
  return ['statefulset.kubernetes.io/pod-name', 'apps.kubernetes.io/pod-index'].some((key) => key in (route.selector ?? {}));
}

/** Neither asks its servers nor counts their failures. One server matters where the proxy would otherwise answer at once. */
function isUnchecked(upstream: Upstream): boolean {
  if (upstream.isPolicy === true || upstream.activeCheck.state !== 'absent' || upstream.passiveCheck.state !== 'absent') return false;
  if (upstream.servers.length > 1) return !upstream.servers.every((server) => isOwnHost(server.host) && server.port === undefined);
  return upstream.takesOneAddress === true && !upstream.servers.every((server) => isOwnHost(server.host));
}
