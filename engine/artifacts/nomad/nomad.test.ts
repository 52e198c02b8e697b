import { describe, expect, it } from 'vitest';
import { compileCatalog } from '../../catalog';
import { link } from '../../link';
import type { Workload } from '../../model/model';
import { readFile } from '../../read';
import { applyEdits } from '../../text';
import type { ArtifactIntent } from '../intent';
import { writeNomad } from './write';

const JOB = `variable "instances" {
  default = 2
}

job "shop" {
  type = "service"

  update {
    auto_revert = true
  }

  group "orders" {
    count = var.instances

    network {
      port "http" {
        to = 8080
      }
    }

    service {
      name = "orders"
      port = "http"

      check {
        type     = "http"
        path     = "/healthz"
        interval = "10s"
        timeout  = "2s"
      }
    }

    task "migrate" {
      driver = "docker"

      lifecycle {
        hook = "prestart"
      }
    }

    task "app" {
      driver       = "docker"
      kill_timeout = "20s"

      config {
        image   = "shop/orders:1"
        command = "node"
        args    = ["main.js"]
        volumes = ["local/conf:/etc/app", "/srv/data:/data"]
      }

      env {
        REDIS_HOST = "redis"
        PORT       = "\${NOMAD_PORT_http}"
      }

      resources {
        memory = 512
      }
    }
  }

  group "cache" {
    task "redis" {
      driver = "docker"

      config {
        image = "redis:7"
      }
    }
  }
}
`;

async function workloads(text: string, path = 'deploy/shop.nomad.hcl'): Promise<readonly Workload[]> {
  const catalog = compileCatalog();
  const { facts } = await readFile(path, text, catalog);
  return link(facts, catalog).system.workloads;
}

describe('Nomad jobs', () => {
  it('are workloads, one for each group, with what is written and what Nomad does by default', async () => {
    const [orders, cache] = await workloads(JOB);
    expect(orders).toMatchObject({
      id: 'nomad/deploy/shop.nomad.hcl/shop/orders', format: 'nomad', kind: 'service', isServed: true, isOneShot: false, isPerNode: false, isTiedToNode: false,
      instances: { state: 'set', value: 2 }, restart: { state: 'default', value: 'always' }, gracePeriodMs: { state: 'set', value: 20_000 }, rollout: { rollsBack: { state: 'set', value: true } },
      resource: { path: ['job', 'shop', 'group', 'orders'] },
    });
    expect(orders?.at.span && JOB.slice(...orders.at.span)).toBe('"orders"');
    expect(orders?.servedBy.map((one) => one.text)).toEqual(['served as orders']);
    expect(cache).toMatchObject({ isServed: false, role: 'cache', instances: { state: 'default', value: 1 }, gracePeriodMs: { state: 'default', value: 5_000 } });
  });

  it('have tasks as containers', async () => {
    const [orders] = await workloads(JOB);
    expect(orders?.containers.map((container) => [container.name, container.kind])).toEqual([['migrate', 'init'], ['app', 'main']]);
    expect(orders?.containers[1]).toMatchObject({
      image: { state: 'set', value: 'shop/orders:1' }, command: { state: 'set', value: ['node', 'main.js'] }, memoryLimit: { state: 'set', value: '512M' }, cpuRequest: { state: 'default', value: '100' },
      healthCheck: { state: 'set', value: { intervalMs: { state: 'set', value: 10_000 } } }, ports: [{ number: 8080 }],
      environment: { REDIS_HOST: { state: 'set', value: 'redis' }, PORT: { state: 'unknown' } },
      mounts: [{ target: '/etc/app', kind: 'config' }, { target: '/data', kind: 'host' }],
    });
  });

  it.each([
    ['type = "batch"', { isOneShot: true }],
    ['type = "system"', { isPerNode: true }],
    ['type = var.kind', { isFragment: true }],
    ['periodic {\n  cron = "@daily"\n}', { isOneShot: true }],
    ['restart {\n  attempts = 3\n}', { restart: { state: 'default' } }],
    ['restart {\n  attempts = 0\n  mode = "fail"\n}\nreschedule {\n  attempts = 0\n  unlimited = false\n}', { restart: { state: 'set', value: 'no' } }],
  ])('say %s', async (line, wanted) => {
    const [one] = await workloads(`job "j" {\n${line}\ngroup "g" {\n  task "t" {\n    driver = "exec"\n  }\n}\n}\n`, 'j.nomad');
    expect(one).toMatchObject(wanted);
  });

  it('leave a count unknown that comes from elsewhere, and know a port that one machine holds', async () => {
    const [one] = await workloads('variable "n" {}\njob "j" {\n  group "g" {\n    count = var.n\n    network {\n      port "http" {\n        static = 80\n      }\n    }\n  }\n}\n', 'j.hcl');
    expect(one).toMatchObject({ instances: { state: 'unknown' }, isTiedToNode: true });
  });

  it('are told from other files of HCL by their first line', async () => {
    expect(await workloads('source "x" "y" {\n  job = 1\n}\n', 'packer.hcl')).toEqual([]);
  });

  it('read every beginning of a text', async () => {
    for (let i = 0; i < JOB.length; i += 7) expect((await workloads(JOB.slice(0, i))).length).toBeLessThan(3);
  });
});

describe('fixes of Nomad jobs', () => {
  const write = (intent: ArtifactIntent, path: readonly string[] = ['job', 'shop', 'group', 'orders']): string | undefined => {
    const edits = writeNomad(JOB, { file: 'shop.nomad', format: 'nomad', document: 0, path }, intent);
    return edits && applyEdits(JOB, edits).text;
  };

  it.each<[ArtifactIntent, string, string]>([
    [{ kind: 'set-instances', count: 3 }, 'count = var.instances', 'count = 3'],
    [{ kind: 'set-stop-grace-period', seconds: 30 }, 'kill_timeout = "20s"', 'kill_timeout = "30s"'],
  ])('say %j', (intent, before, after) => {
    expect(write(intent)).toBe(JOB.replace(before, after));
  });

  it('set what is missing in its own place', () => {
    expect(write({ kind: 'set-memory-limit', memory: '512Mi' }, ['job', 'shop', 'group', 'cache', 'task', 'redis'])).toBe(JOB.replace('image = "redis:7"\n      }\n', 'image = "redis:7"\n      }\n\n      resources {\n        memory = 537\n      }\n'));
    expect(write({ kind: 'set-instances', count: 2 }, ['job', 'shop', 'group', 'cache'])).toBe(JOB.replace('group "cache" {\n', 'group "cache" {\n    count = 2\n\n'));
  });

  it('decline what Nomad has no word for', () => {
    expect(write({ kind: 'set-restart', policy: 'always' })).toBeUndefined();
    expect(write({ kind: 'set-instances', count: 2 }, ['job', 'shop', 'group', 'gone'])).toBeUndefined();
  });
});
