// Job files of Nomad for the examples of rules.

/** A job with one group that answers requests; `group` and `task` are one line of each. */
export function nomadJob(group: string, task: string): string {
  return `job "shop" {
  group "orders" {
    ${group}

    service {
      name = "orders"
      port = "http"
    }

    task "app" {
      driver = "docker"
      ${task}

      config {
        image = "shop/orders:1"
      }
    }
  }
}
`;
}
