import { describe, expect, it } from 'vitest';
import { compileCatalog } from '../../catalog';
import { link } from '../../link';
import type { SystemModel } from '../../model/model';
import { readFile } from '../../read';
import { applyEdits } from '../../text';
import type { ArtifactIntent } from '../intent';
import { writeKubernetes } from '../kubernetes/write';

const FILE = `variable "replicas" {}

resource "kubernetes_deployment_v1" "orders" {
  metadata {
    name = "orders"
    labels = {
      app = "orders"
    }
  }

  spec {
    replicas = 1

    selector {
      match_labels = {
        app = "orders"
      }
    }

    template {
      metadata {
        labels = {
          app = "orders"
        }
      }

      spec {
        termination_grace_period_seconds = 20

        init_container {
          name  = "wait"
          image = "busybox:1.36"
        }

        container {
          name  = "app"
          image = "shop/orders:1"

          port {
            container_port = 8080
          }

          env {
            name  = "REDIS_HOST"
            value = "redis"
          }

          resources {
            limits = {
              memory = "512Mi"
            }
            requests = var.requests
          }

          liveness_probe {
            period_seconds = 5

            http_get {
              path = "/healthz"
              port = 8080
            }
          }
        }
      }
    }
  }
}

resource "kubernetes_service" "orders" {
  metadata {
    name = "orders"
  }

  spec {
    selector = {
      app = kubernetes_deployment_v1.orders.metadata[0].labels.app
    }

    port {
      port        = 80
      target_port = 8080
    }
  }
}
`;

async function model(text: string): Promise<SystemModel> {
  const catalog = compileCatalog();
  return link((await readFile('live/main.tf', text, catalog)).facts, catalog).system;
}

describe('resources of the Kubernetes provider', () => {
  it('are workloads and Services like those of manifests, on their own lines', async () => {
    const { workloads, routes } = await model(FILE);
    const [orders] = workloads;
    expect(orders).toMatchObject({ name: 'orders', kind: 'Deployment', isServed: true, instances: { state: 'set', value: 1 }, gracePeriodMs: { state: 'set', value: 20_000 } });
    expect(orders && FILE.slice(...orders.at.span)).toBe('"orders"');
    expect(orders?.containers.map((container) => [container.name, container.kind, FILE.slice(...container.at.span)])).toEqual([['app', 'main', 'container {'], ['wait', 'init', 'init_container {']]);
    expect(orders?.containers[0]).toMatchObject({
      memoryLimit: { state: 'set', value: '512Mi' }, cpuRequest: { state: 'unknown' }, readiness: { state: 'absent' },
      liveness: { state: 'set', value: { handler: { kind: 'http', path: '/healthz', port: 8080 }, periodSeconds: { state: 'set', value: 5 } } },
      ports: [{ number: 8080 }], environment: { REDIS_HOST: { state: 'set', value: 'redis' } },
    });
    expect(orders?.labels).toEqual({ app: 'orders' });
    expect(routes[0]).toMatchObject({ name: 'orders', targets: [orders?.id], ports: [{ port: 80, targetPort: 8080 }] });
  });

  it('leave unknown what other files decide', async () => {
    const { workloads, routes } = await model(FILE.replace('replicas = 1', 'replicas = var.replicas').replace('target_port = 8080', 'target_port = var.port').replace('"shop/orders:1"', 'var.image'));
    expect(workloads[0]).toMatchObject({ instances: { state: 'unknown' } });
    expect(workloads[0]?.containers[0]?.image.state).toBe('unknown');
    expect(routes[0]?.ports).toEqual([]);
  });

  it('are read from every beginning of a text', async () => {
    for (let i = 0; i < FILE.length; i += 41) expect((await model(FILE.slice(0, i))).workloads.length).toBeLessThan(2);
  });
});

describe('fixes of resources of the Kubernetes provider', () => {
  const write = (intent: ArtifactIntent, path: readonly (string | number)[] = []): string | undefined => {
    const edits = writeKubernetes(FILE, { file: 'main.tf', format: 'kubernetes', document: 0, path }, intent);
    return edits && applyEdits(FILE, edits).text;
  };
  const container = ['spec', 'template', 'spec', 'containers', 0];

  it.each<[ArtifactIntent, readonly (string | number)[], string, string]>([
    [{ kind: 'set-instances', count: 2 }, [], 'replicas = 1', 'replicas = 2'],
    [{ kind: 'set-stop-grace-period', seconds: 60 }, [], 'period_seconds = 20', 'period_seconds = 60'],
    [{ kind: 'set-memory-limit', memory: '1Gi' }, container, 'memory = "512Mi"', 'memory = "1Gi"'],
    [{ kind: 'set-probe-field', probe: 'liveness', field: 'failureThreshold', value: 5 }, container, 'period_seconds = 5\n', 'period_seconds    = 5\n            failure_threshold = 5\n'],
    [{ kind: 'add-pre-stop', seconds: 5 }, container, '              port = 8080\n            }\n          }\n', '              port = 8080\n            }\n          }\n\n          lifecycle {\n            pre_stop {\n              exec {\n                command = ["sleep", "5"]\n              }\n            }\n          }\n'],
    [{ kind: 'set-memory-limit', memory: '64Mi', cpuRequest: '10m' }, ['spec', 'template', 'spec', 'initContainers', 0], 'image = "busybox:1.36"\n', 'image = "busybox:1.36"\n\n          resources {\n            limits = {\n              memory = "64Mi"\n            }\n            requests = {\n              cpu = "10m"\n            }\n          }\n'],
  ])('say %j', (intent, path, before, after) => {
    expect(write(intent, path)).toBe(FILE.replace(before, after));
  });

  it('decline what would stand in a resource of its own', () => {
    expect(write({ kind: 'add-disruption-budget', name: 'x', labels: {}, maxUnavailable: 1 })).toBeUndefined();
  });
});
