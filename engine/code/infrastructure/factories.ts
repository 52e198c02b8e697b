// Methods of constructs that make a further construct: what that one is, and where its properties stand.

export interface Factory {
  /** Type of what is made, by the type of the construct that it is called on. */
  readonly type: string;
  readonly on: RegExp;
  /** Index of the argument with the properties; of the one with the name. */
  readonly argument: number;
  readonly name?: number;
}

// aws-cdk-lib 2.2xx, the signatures in its type declarations.
const FACTORIES: ReadonlyMap<string, readonly Factory[]> = new Map([
  ['createAlarm', [{ type: 'aws-cdk-lib/aws-cloudwatch.Alarm', on: /^/, argument: 2, name: 1 }]],
  ['addListener', [
    { type: 'aws-cdk-lib/aws-elasticloadbalancingv2.ApplicationListener', on: /\.ApplicationLoadBalancer$|\.ApplicationLoadBalanced\w+$/, argument: 1, name: 0 },
    { type: 'aws-cdk-lib/aws-elasticloadbalancingv2.NetworkListener', on: /\.NetworkLoadBalancer$|\.NetworkLoadBalanced\w+$/, argument: 1, name: 0 },
  ]],
  ['addTargets', [
    { type: 'aws-cdk-lib/aws-elasticloadbalancingv2.ApplicationTargetGroup', on: /\.ApplicationListener$|\.ApplicationLoadBalanced\w+$/, argument: 1, name: 0 },
    { type: 'aws-cdk-lib/aws-elasticloadbalancingv2.NetworkTargetGroup', on: /\.NetworkListener$|\.NetworkLoadBalanced\w+$/, argument: 1, name: 0 },
  ]],
  ['addContainer', [{ type: 'aws-cdk-lib/aws-ecs.ContainerDefinition', on: /\/aws-ecs\.\w*TaskDefinition$/, argument: 1, name: 0 }]],
  ['autoScaleTaskCount', [{ type: 'aws-cdk-lib/aws-ecs.ScalableTaskCount', on: /\/aws-ecs(?:-patterns)?\./, argument: 0 }]],
  ['addCapacity', [{ type: 'aws-cdk-lib/aws-autoscaling.AutoScalingGroup', on: /\/aws-ecs\.Cluster$/, argument: 1, name: 0 }]],
  ['addAutoScalingGroupCapacity', [{ type: 'aws-cdk-lib/aws-autoscaling.AutoScalingGroup', on: /\/aws-eks\.\w*Cluster$/, argument: 1, name: 0 }]],
  ['addNodegroupCapacity', [{ type: 'aws-cdk-lib/aws-eks.Nodegroup', on: /\/aws-eks\.\w*Cluster$/, argument: 1, name: 0 }]],
  ['addSelection', [{ type: 'aws-cdk-lib/aws-backup.BackupSelection', on: /\/aws-backup\.BackupPlan$/, argument: 1, name: 0 }]],
]);

/** What a method makes when it is called on a construct of a type. */
export function factoryOf(type: string, method: string): Factory | undefined {
  return FACTORIES.get(method)?.find((factory) => factory.on.test(type));
}

/** Whether a method may make a construct at all; the cheap look before the receiver is worked out. */
export function isFactoryName(method: string): boolean {
  return FACTORIES.has(method);
}
