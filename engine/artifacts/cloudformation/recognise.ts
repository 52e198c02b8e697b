// Tells templates from other YAML and JSON by a few looks at the text. No parse: this runs over every YAML file of a repository.

/** Folders that tools write templates into: their sources are linted, not they. */
const GENERATED = /(?:^|\/)(?:cdk\.out|\.aws-sam|\.serverless|\.build|node_modules|cdktf\.out|#current-cloud-backend|[\w.-]*\.snapshot)\//;
const PATH = /\.(?:ya?ml|json|template|cfn)$/i;

const YAML_RESOURCES = /^["']?Resources["']?[ \t]*:[ \t]*(?:[&#{].*)?\r?$/m;
const YAML_TYPE = /^[ \t]+["']?Type["']?[ \t]*:[ \t]*["']?(?:[A-Z]\w*::\w+|Custom::)/m;
const JSON_RESOURCES = /"Resources"\s*:\s*\{/;
const JSON_TYPE = /"Type"\s*:\s*"(?:[A-Z]\w*::\w+|Custom::)/;
const FLOW_TYPE = /\bType["']?[ \t]*:[ \t]*["']?[A-Z]\w*::\w+/;

/** Whether the text is a template that a person wrote. Linear; no parsing. */
export function recogniseCloudFormation(path: string, text: string): boolean {
  if (!PATH.test(path) || GENERATED.test(path)) return false;
  // Synthesised from a CDK application.
  if (text.includes('aws:cdk:path') || text.includes('/cdk-bootstrap/')) return false;
  if (/^\s*\{/.test(text)) return JSON_RESOURCES.test(text) && JSON_TYPE.test(text);
  return YAML_RESOURCES.test(text) && (YAML_TYPE.test(text) || FLOW_TYPE.test(text));
}
