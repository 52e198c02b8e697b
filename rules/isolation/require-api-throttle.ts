// An API without a limit of its own shares that of the whole account: one caller takes it from all.

import { defineRule } from '../../engine/lint/rule';
import { settled } from '../../engine/model/questions';
import { isLive, repairs, subjectOfThing } from '../cloud-fixes';
import { resource, stack } from '../example-templates';

export const requireApiThrottle = defineRule({
  id: 'isolation/require-api-throttle',
  since: '0.2.0',
  severity: 'advice',
  reads: 'infrastructure',
  fault: 'slow',
  messages: {
    none: 'One busy caller of `{name}` takes the request rate of every API in the account: the stage sets no throttle.',
  },
  docs: {
    what: 'Reports a stage of an API that sets no request rate.',
    why: 'The limit of the account is shared by all its APIs in a region. A retry storm against one of them answers 429 on the others too.',
    fix: 'Give the stage a rate and a burst that what stands behind it can take.',
    not: 'Stages whose settings cannot be known, and whatever says that it is for development.',
    references: ['https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-request-throttling.html'],
  },
  check({ system, report }) {
    for (const api of system.cloud.apis) {
      if (settled(api.throttle) !== false || !isLive(api)) continue;
      report({ at: api.at, message: 'none', data: { name: api.name }, label: api.title, fixes: repairs(api, 'throttle', 'unsafe', 'Throttle at 100 requests a second'), subject: subjectOfThing(api) });
    }
  },
  examples: {
    bad: [
      {
        name: 'a stage of an HTTP API',
        files: { 'stack.yaml': stack(resource('«Live»', 'AWS::ApiGatewayV2::Stage', 'StageName: live', 'ApiId: api')) },
        expect: 'none',
        fixed: { 'stack.yaml': stack(resource('Live', 'AWS::ApiGatewayV2::Stage', 'StageName: live', 'ApiId: api', 'DefaultRouteSettings:', '  ThrottlingBurstLimit: 200', '  ThrottlingRateLimit: 100')) },
      },
      { name: 'a stage of a REST API', files: { 'stack.yaml': stack(resource('«Live»', 'AWS::ApiGateway::Stage', 'StageName: live', 'RestApiId: api')) }, expect: 'none' },
      { name: 'metrics only', files: { 'stack.yaml': stack(resource('«Live»', 'AWS::ApiGatewayV2::Stage', 'DefaultRouteSettings: { DetailedMetricsEnabled: true }')) }, expect: 'none' },
      { name: 'in Terraform', files: { 'main.tf': 'resource "aws_apigatewayv2_stage" «"live"» {\n  api_id = "api"\n  name   = "$default"\n}\n' }, expect: 'none' },
    ],
    good: [
      { name: 'a rate', files: { 'stack.yaml': stack(resource('Live', 'AWS::ApiGatewayV2::Stage', 'DefaultRouteSettings: { ThrottlingRateLimit: 100, ThrottlingBurstLimit: 50 }')) } },
      { name: 'a rate of each method', files: { 'stack.yaml': stack(resource('Live', 'AWS::ApiGateway::Stage', "MethodSettings: [{ HttpMethod: '*', ResourcePath: '/*', ThrottlingRateLimit: 50 }]")) } },
      { name: 'in Terraform, as it is meant', files: { 'main.tf': 'resource "aws_apigatewayv2_stage" "live" {\n  api_id = "api"\n  name   = "$default"\n\n  default_route_settings {\n    throttling_rate_limit  = 100\n    throttling_burst_limit = 50\n  }\n}\n' } },
      { name: 'for development', files: { 'dev/stack.yaml': stack(resource('Live', 'AWS::ApiGatewayV2::Stage', 'ApiId: api')) } },
    ],
    unknown: [
      { name: 'the settings are a parameter', files: { 'stack.yaml': `Parameters:\n  Rate:\n    Type: Number\n${stack(resource('Live', 'AWS::ApiGatewayV2::Stage', 'DefaultRouteSettings: { ThrottlingRateLimit: !Ref Rate }'))}` } },
      { name: 'a macro may add settings', files: { 'template.yaml': `Transform: [Company::Defaults]\n${stack(resource('Live', 'AWS::ApiGatewayV2::Stage', 'ApiId: api'))}` } },
    ],
  },
});
