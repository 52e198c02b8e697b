import { describe, expect, it } from 'vitest';
import { compileCatalog } from '../../catalog';
import { link } from '../../link';
import type { SystemModel } from '../../model/model';
import { readFile } from '../../read';

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
