/** A Prisma schema, reduced to what its client lets be stored: models, their columns and the values of enumerations. */
import type { PrismaColumnFact, PrismaModelFact } from '../../core/facts';

interface PrismaSchema {
  readonly kind: 'prisma-schema';
  readonly models: readonly PrismaModelFact[];
  readonly enums: Readonly<Record<string, readonly string[]>>;
}

const BLOCK = /^[ \t]*(model|type|enum)[ \t]+(\w+)[ \t]*\{([^}]*)\}/gm;
const SCALAR = /^(String|Int|BigInt|Float|Decimal|Boolean|DateTime|Json|Bytes|Unsupported\b.*)$/;

/** The models of one schema file; an enumeration may stand in another file, so types are names here. */
export function prismaSchema(text: string): PrismaSchema {
  // Braces in a comment or a default (`@default("{}")`) would end a block early.
  const bare = text.replace(/"(?:[^"\\\n]|\\.)*"/g, '""').replace(/\/\/[^\n]*/g, '');
  const models: PrismaModelFact[] = [];
  const enums: Record<string, string[]> = {};
  for (const [, kind, name, body] of bare.matchAll(BLOCK)) {
    if (name === undefined || body === undefined || name === '__proto__') continue;
    const lines = body.split('\n').map((l) => l.trim()).filter((l) => /^\w/.test(l));
    if (kind === 'enum') enums[name] = lines.flatMap((l) => /^\w+/.exec(l)?.[0] ?? []);
    else if (kind === 'model') models.push({ name, columns: columnsOf(lines) });
  }
  return { kind: 'prisma-schema', models, enums };
}

/** Scalars and enumerations; a relation is told by its foreign key. */
function columnsOf(lines: readonly string[]): PrismaColumnFact[] {
  const keys = new Map<string, string>();
  for (const l of lines) {
    const relation = /^\w+\s+(\w+)\??\s.*@relation\(.*?fields:\s*\[([\w\s,]+)\]/.exec(l);
    for (const key of relation?.[2]?.split(',') ?? []) keys.set(key.trim(), relation?.[1] ?? '');
  }
  const related = new Set(lines.filter((l) => /@relation\b/.test(l)).map((l) => /^\w+/.exec(l)?.[0] ?? ''));
  return lines.flatMap((l) => {
    const [, name, type, many] = /^(\w+)\s+(\w+)(\[\])?/.exec(l) ?? [];
    return name === undefined || type === undefined || related.has(name) || (many !== undefined && !SCALAR.test(type)) ? [] : [{ name, type, many: many !== undefined, limited: /@db\.(\w*Char\(|Uuid\b)/.test(l), references: keys.get(name) ?? null }];
  });
}
