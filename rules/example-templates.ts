// Templates and modules for the examples of rules about cloud resources.

/** A CloudFormation template of resources. */
export function stack(...resources: readonly string[]): string {
  return `Resources:\n${resources.join('')}`;
}

/** A resource of a template; each property is a line, indented further where it stands in another. */
export function resource(name: string, type: string, ...properties: readonly string[]): string {
  return `  ${name}:\n    Type: ${type}\n    Properties:\n${properties.map((line) => `      ${line}\n`).join('')}`;
}

/** A function that takes messages of a queue. */
export function queueAndFunction(queue: readonly string[], code: readonly string[], source: readonly string[] = []): string {
  return stack(
    resource('Orders', 'AWS::SQS::Queue', ...queue, 'RedrivePolicy: { deadLetterTargetArn: !GetAtt Aside.Arn, maxReceiveCount: 5 }'),
    resource('Aside', 'AWS::SQS::Queue', 'MessageRetentionPeriod: 1209600'),
    resource('Ship', 'AWS::Lambda::Function', 'Handler: index.handler', ...code),
    resource('Source', 'AWS::Lambda::EventSourceMapping', 'EventSourceArn: !GetAtt Orders.Arn', 'FunctionName: !Ref Ship', ...source),
  );
}

/** A container service behind a target group. */
export function served(...service: readonly string[]): string {
  return stack(
    resource('Orders', 'AWS::ECS::Service', ...service, 'LaunchType: FARGATE', 'TaskDefinition: orders:1', 'LoadBalancers:', '  - ContainerName: app', '    ContainerPort: 3000', '    TargetGroupArn: !Ref Targets', 'DeploymentConfiguration:', '  DeploymentCircuitBreaker: { Enable: true, Rollback: true }'),
    resource('Targets', 'AWS::ElasticLoadBalancingV2::TargetGroup', 'Port: 3000', 'Protocol: HTTP', 'TargetType: ip', 'HealthCheckPath: /healthz'),
  );
}
