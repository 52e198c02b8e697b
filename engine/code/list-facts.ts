// Facts about lists on their way through a program: who hands a long one on, which parameters a request fills, and what reaches a store for each element.

import type { ListOrigin } from './construct-facts';
import type { Entity, Value } from './values';

/** A list that is given to a function of the project. */
export interface HandedListFact {
  /** The function that is called. */
  readonly entity: Entity;
  readonly argument: number;
  /** The member of an object literal that holds it. */
  readonly member?: string;
  /** Where a list comes from that is as long as the data are. */
  readonly origin?: ListOrigin;
  /** The function whose result it is. */
  readonly of?: Entity;
  /** What the caller of the function around it gives. */
  readonly value?: Value;
}

/** A parameter that holds what a request brought: `@Body() dto`, the arguments of a resolver, `{ input }` of a procedure. */
export interface RequestParameterFact {
  readonly function: number;
  readonly index: number;
  readonly path: readonly string[];
}

export interface ListFacts {
  readonly handed: readonly HandedListFact[];
  readonly requested: readonly RequestParameterFact[];
  /** Functions that wait for something whose names say a store or a client: `this.userRepository.save(user)`. */
  readonly stores: readonly number[];
}
