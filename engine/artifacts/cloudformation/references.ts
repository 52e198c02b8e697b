// What `Ref` and `Fn::GetAtt` stand for: a parameter, a resource, an output of a nested stack, a name of AWS.

import type { Location } from '../../text';
import type { Scope } from './scope';
import { relocate, unknownValue, type MaybeValue } from './values';

/** Resources that SAM makes beside a function or for the template as a whole. */
const MADE_BY_SAM = /^(\w+?)(?:Role|DeploymentGroup|UrlPermissions)$/;

/** The value of a name, or of one of its attributes. */
export function referenceTo(name: string, attribute: string | undefined, place: Location, scope: Scope): MaybeValue {
  if (name === 'AWS::NoValue') return undefined;
  if (name.startsWith('AWS::')) return unknownValue(`\`${name}\``, place);
  if (attribute === undefined && scope.hasParameter(name)) return relocate(scope.parameter(name), place);
  if (attribute?.startsWith('Outputs.')) {
    const output = scope.surroundings.childOf(scope, name)?.output(attribute.slice('Outputs.'.length));
    if (output) return relocate(output, place);
  }
  const found = resourceNamed(name, scope);
  if (!found) return unknownValue(`\`${name}\` is not declared here`, place);
  const whole = [found.attribute, attribute].filter((part) => part !== undefined).join('.');
  return { kind: 'reference', to: found.id, at: place, ...(whole === '' ? {} : { attribute: whole }) };
}

/** Id of the resource of a name; names that SAM derives from it lead to it too. */
export function resourceNamed(name: string, scope: Scope): { readonly id: string; readonly attribute?: string } | undefined {
  const own = scope.idOf(name);
  if (own !== undefined) return { id: own };
  // `Function.Alias`, `Function.Version`
  const dot = name.indexOf('.');
  const base = dot > 0 ? scope.idOf(name.slice(0, dot)) : undefined;
  if (base !== undefined) return { id: base, attribute: name.slice(dot + 1) };
  const maker = MADE_BY_SAM.exec(name)?.[1];
  const made = maker === undefined ? undefined : scope.idOf(maker);
  return made === undefined ? undefined : { id: made, attribute: name.slice(maker?.length) };
}
