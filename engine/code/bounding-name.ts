// Names of functions that bound what they are given in time; a file of its own, so that linking does not load the parser.

/** Only asked where nothing better is known of a function. */
export const BOUNDING_NAME = /^(?:with|run|p|promise|call|exec|await|fetch|add|set|use|wrap|race|do)?(?:With)?(?:Timeout|Deadline|TimeLimit|TimeOut)(?:Promise|Wrapper|Async|Fn)?$|^(?:timeout|deadline|timeLimit|withinTime|raceTimeout|timeoutAfter|timeboxed?|promiseTimeout)$/i;
