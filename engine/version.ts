// The version of the engine: part of every cache key and of the reports.

/** Equal to the version in package.json; a test holds it. */
export const ENGINE_VERSION = '0.1.0';
