import { describe, expect, it } from 'vitest';
import { applyEdits } from '../../text';
import { addDependency } from './package-json';

function added(text: string, name = 'cockatiel', range = '^3.2.1'): string | undefined {
  const edits = addDependency(text, name, range);
  return edits && applyEdits(text, edits).text;
}

describe('a dependency that is added to a package.json', () => {
  it('stands in the order of the others', () => {
    expect(added('{\n  "name": "shop",\n  "dependencies": {\n    "axios": "^1.0.0",\n    "pg": "^8.0.0"\n  }\n}\n')).toBe('{\n  "name": "shop",\n  "dependencies": {\n    "axios": "^1.0.0",\n    "cockatiel": "^3.2.1",\n    "pg": "^8.0.0"\n  }\n}\n');
  });

  it('stands last where it comes last, or where nothing is in order', () => {
    expect(added('{\n  "dependencies": {\n    "axios": "^1.0.0"\n  }\n}\n')).toBe('{\n  "dependencies": {\n    "axios": "^1.0.0",\n    "cockatiel": "^3.2.1"\n  }\n}\n');
    expect(added('{\n\t"dependencies": {\n\t\t"pg": "8",\n\t\t"axios": "1"\n\t}\n}')).toBe('{\n\t"dependencies": {\n\t\t"pg": "8",\n\t\t"axios": "1",\n\t\t"cockatiel": "^3.2.1"\n\t}\n}');
  });

  it('stands before a line that holds several names', () => {
    expect(added('{\n  "dependencies": {\n    "axios": "1",\n    "pg": "8","zod": "3"\n  }\n}\n')).toBe('{\n  "dependencies": {\n    "axios": "1",\n    "cockatiel": "^3.2.1",\n    "pg": "8","zod": "3"\n  }\n}\n');
  });

  it('makes the block where there is none, or an empty one', () => {
    expect(added('{\n  "name": "shop"\n}\n')).toBe('{\n  "name": "shop",\n  "dependencies": {\n    "cockatiel": "^3.2.1"\n  }\n}\n');
    expect(added('{\n  "dependencies": {},\n  "name": "shop"\n}\n')).toBe('{\n  "dependencies": {\n    "cockatiel": "^3.2.1"\n  },\n  "name": "shop"\n}\n');
    expect(added('{}\n')).toBe('{\n  "dependencies": {\n    "cockatiel": "^3.2.1"\n  }\n}\n');
  });

  it('keeps the line ends of the file', () => {
    expect(added('{\r\n  "dependencies": {\r\n    "pg": "8"\r\n  }\r\n}\r\n')).toBe('{\r\n  "dependencies": {\r\n    "cockatiel": "^3.2.1",\r\n    "pg": "8"\r\n  }\r\n}\r\n');
    expect(added('{\r\n  "dependencies": {\r\n    "axios": "8"\r\n  }\r\n}\r\n')).toBe('{\r\n  "dependencies": {\r\n    "axios": "8",\r\n    "cockatiel": "^3.2.1"\r\n  }\r\n}\r\n');
  });

  it('changes nothing where it is there already', () => {
    expect(added('{\n  "dependencies": {\n    "cockatiel": "^3.0.0"\n  }\n}\n')).toBe('{\n  "dependencies": {\n    "cockatiel": "^3.0.0"\n  }\n}\n');
  });

  it.each(['', '[]', '{ "dependencies": [] }', '{ "dependencies": { "a": "1", "b": "2" } }', '{ broken', '{\n  "x": {\n    "dependencies": {\n      "a": "1"\n    }\n  },\n  "dependencies": { "b": "1" }\n}'])('is refused where the text cannot take it by a small edit: %s', (text) => {
    expect(added(text)).toBeUndefined();
  });
});
