/**
 * A text that two abstract values share exactly when nobody who holds only them can tell them apart. With it a new
 * linking recognises endpoints whose whole input is what it was before.
 */
import { hashText } from '../core/text';
import type { Env, Origin, Scope } from '../model/values';

/** Beyond this, comparing costs more than judging anew. */
const MAX_PARTS = 200_000;

/** null: too large or too deep to say. */
export function hashOfValues(roots: readonly unknown[]): string | null {
  const walk = walked(roots);
  return walk && hashText(walk.parts.join('\x01'));
}

/** Files that the values name: where their functions stand, and where they were made. null: too large or too deep to say. */
export function filesOfValues(roots: readonly unknown[]): ReadonlySet<string> | null {
  return walked(roots)?.files ?? null;
}

function walked(roots: readonly unknown[]): Walk | null {
  const walk = new Walk();
  try {
    for (const root of roots) walk.value(root);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
  return walk.parts.length > MAX_PARTS ? null : walk;
}

class Walk {
  readonly files = new Set<string>();
  readonly parts: string[] = [];
  private readonly seen = new Map<object, number>();

  value(v: unknown): void {
    if (typeof v !== 'object' || v === null) {
      this.parts.push(typeof v === 'string' ? `s${v}` : `${typeof v}${String(v)}`);
      return;
    }
    const known = this.seen.get(v);
    if (known !== undefined) {
      this.parts.push(`#${known}`);
      return;
    }
    this.seen.set(v, this.seen.size);
    if (this.parts.length > MAX_PARTS) return;
    if (Array.isArray(v)) this.list('[', v);
    else if (v instanceof Map) {
      this.parts.push(`{${v.size}`);
      for (const [key, value] of v) {
        this.value(key);
        this.value(value);
      }
    } else if (v instanceof Set) this.list('<', [...v]);
    else if (isModuleEnv(v)) this.parts.push(`module:${v.file}`);
    else if (isScope(v)) {
      // Its registrations are the adapters' to read; a chain sees what was put on it.
      this.parts.push('scope', v.framework, v.kind);
      this.value(v.at);
      this.value(v.props);
    } else if (v instanceof RegExp) this.parts.push(String(v));
    else {
      const origin = isOrigin(v);
      this.parts.push('(');
      for (const key in v) {
        if (origin && key === 'id') continue;
        this.parts.push(key);
        if (key === 'file') this.files.add(String((v as { file: unknown }).file));
        this.value((v as Record<string, unknown>)[key]);
      }
    }
  }

  private list(open: string, items: readonly unknown[]): void {
    this.parts.push(open + String(items.length));
    for (const item of items) this.value(item);
  }
}

function isModuleEnv(v: object): v is Env {
  return 'vars' in v && 'parent' in v && v.parent === null;
}

function isScope(v: object): v is Scope {
  return 'registrations' in v && 'framework' in v;
}

/** Numbered in the order in which they came up, which says nothing. */
function isOrigin(v: object): v is Origin {
  return 'tested' in v && 'throws' in v;
}
