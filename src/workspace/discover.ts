/** Finds the files of a folder that are worth reading, and reads them. Nothing outside the folder is ever touched. */
import { readdir, realpath } from 'node:fs/promises';
import { closeSync, fstatSync, openSync, readSync, readFileSync, type Dirent } from 'node:fs';
import { isAbsolute, join, relative, sep } from 'node:path';
import { isEnvFile } from '../engine/extract/config';
import { hashText } from '../engine/core/text';
import type { ContentHash, EngineError, RelPath } from '../engine/core/types';
import { FolderError, reasonOf } from './errors';
import type { GitFolder } from './git-index';
import { IgnoreRules } from './ignore-rules';
import { decode, looksMinified, type Encoding } from './text-file';

export const MAX_SCRIPT_BYTES = 1024 * 1024;
export const MAX_TEXT_BYTES = 2 * 1024 * 1024;

export interface FoundFile {
  readonly path: RelPath;
  readonly absolute: string;
}

export interface Skipped {
  readonly file: RelPath;
  readonly reason: string;
}

export interface Discovery {
  /** The folder's real path. */
  readonly root: string;
  /** Sorted by path. */
  readonly files: readonly FoundFile[];
  /** Seen and not read, with the reason: links that leave the folder. */
  readonly skipped: readonly Skipped[];
  /** Env files that git ignores: they exist; their content is nobody's business. */
  readonly ignoredEnvFiles: readonly RelPath[];
  readonly rules: IgnoreRules;
  readonly errors: readonly EngineError[];
}

export interface DiscoverOptions {
  readonly git?: GitFolder | null;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((found: number) => void) | undefined;
}

/** Folders of tools and of generated files, at any depth. */
const SKIPPED_FOLDERS = new Set([
  'node_modules', 'bower_components', 'jspm_packages', '.git', '.hg', '.svn', '.next', '.nuxt', '.output', '.svelte-kit', '.astro', '.turbo', '.vercel',
  '.netlify', '.wrangler', '.expo', '.cache', '.parcel-cache', '.yarn', '.pnpm-store', '.nyc_output', '.vscode-test', '.idea', '.gradle', '.venv', 'venv',
  '__pycache__', '.pytest_cache', '.mypy_cache', '.terraform', '.serverless', '.aws-sam', '.dart_tool', 'Pods', 'DerivedData',
]);
/** Generated at the top of a package; a route or a business term below a source folder (`app/vendor/orders`). */
const OUTPUT_FOLDERS = new Set(['dist', 'build', 'out', 'coverage', 'vendor', 'target', 'storybook-static']);
const SOURCE_FOLDERS = new Set(['src', 'app', 'apps', 'pages', 'api', 'server', 'backend', 'functions', 'routes', 'routers', 'controllers', 'components', 'features', 'modules', 'lib', 'services', 'views']);

const LOCK_FILES = new Set([
  'package-lock.json', 'npm-shrinkwrap.json', 'yarn.lock', 'pnpm-lock.yaml', 'bun.lock', 'bun.lockb', 'deno.lock', 'composer.lock', 'Gemfile.lock', 'Cargo.lock',
  'poetry.lock', 'Pipfile.lock', 'uv.lock', 'go.sum', 'flake.lock', 'Podfile.lock', 'pubspec.lock',
]);

const BINARY_EXTENSIONS = new Set(
  ('png jpg jpeg gif webp avif ico icns bmp tif tiff heic psd ai sketch fig svgz woff woff2 ttf otf eot mp3 mp4 m4a m4v mov avi mkv webm wav ogg flac aac ' +
    'pdf zip gz tgz bz2 xz 7z rar tar jar war class wasm node exe dll so dylib a o obj lib bin dat db sqlite sqlite3 db3 mdb pyc pyo iso dmg msi deb rpm apk ipa aab vsix ' +
    'docx xlsx pptx doc xls ppt odt ods parquet avro onnx pt pth h5 npy npz pkl glb gltf fbx blend splinecode lockb').split(' '),
);

const SCRIPT = /\.(?:[cm]?[jt]sx?|vue|svelte|astro)$/i;

/** Directory listings under way at once: enough to hide the disk's latency, few enough to spare descriptors. */
const PARALLEL = 8;

export async function discover(folder: string, options: DiscoverOptions = {}): Promise<Discovery> {
  const { git = null, signal } = options;
  let root: string;
  let first: Dirent[];
  try {
    root = await realpath(folder);
    first = await readdir(root, { withFileTypes: true });
  } catch (error) {
    throw new FolderError(`${folder} cannot be read: ${reasonOf(error)}`);
  }

  const rules = new IgnoreRules(git?.prefix ?? '', git?.ignoreCase ?? false);
  if (git) {
    rules.addRepository('', git.exclude);
    for (const { folder: above, text } of git.ignoreFilesAbove) rules.addRepository(above, text);
  }
  const trackedFolders = git?.tracked ? foldersOf(git.tracked) : null;

  const files: FoundFile[] = [];
  const skipped: Skipped[] = [];
  const ignoredEnvFiles: RelPath[] = [];
  const errors: EngineError[] = [];

  const visit = async (dir: string, entries: readonly Dirent[]): Promise<string[]> => {
    const own = entries.find((e) => e.name === '.gitignore' && e.isFile());
    if (own) {
      try {
        rules.add(dir, readFileSync(join(root, dir, '.gitignore'), 'utf8'));
      } catch (error) {
        errors.push(readError(rel(dir, '.gitignore'), `.gitignore cannot be read: ${reasonOf(error)}`));
      }
    }
    const folders: string[] = [];
    for (const entry of entries) {
      const path = rel(dir, entry.name);
      let isFolder = entry.isDirectory();
      let isFile = entry.isFile();
      if (entry.isSymbolicLink()) {
        // What a link inside the folder points to is visited at its own place, once; loops end here.
        const problem = await linkProblem(root, join(root, path));
        if (problem) skipped.push({ file: path, reason: problem });
        continue;
      }
      if (!isFolder && !isFile && !entry.isFIFO() && !entry.isSocket() && !entry.isBlockDevice() && !entry.isCharacterDevice()) {
        // Some file systems do not tell the type with the name.
        ({ isFolder, isFile } = typeOf(join(root, path)));
      }
      if (isFolder) {
        if (SKIPPED_FOLDERS.has(entry.name) || isOutput(dir, entry.name, entries)) continue;
        if (rules.ignores(path, true) && !trackedFolders?.has(path)) continue;
        folders.push(path);
      } else if (isFile) {
        if (LOCK_FILES.has(entry.name) || isBinaryName(entry.name)) continue;
        if (rules.ignores(path, false) && !git?.tracked?.has(path)) {
          if (isEnvFile(path)) ignoredEnvFiles.push(path);
          continue;
        }
        files.push({ path, absolute: join(root, path) });
      }
    }
    options.onProgress?.(files.length);
    return folders;
  };

  let queue = await visit('', first);
  while (queue.length > 0) {
    signal?.throwIfAborted();
    const batch = queue.splice(0, PARALLEL);
    const found = await Promise.all(
      batch.map(async (dir) => {
        try {
          return await visit(dir, await readdir(join(root, dir), { withFileTypes: true }));
        } catch (error) {
          errors.push(readError(dir as RelPath, `the folder ${dir} cannot be read: ${reasonOf(error)}`));
          return [];
        }
      }),
    );
    queue = found.flat().concat(queue);
  }

  const byPath = (a: { path: string }, b: { path: string }): number => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0);
  files.sort(byPath);
  skipped.sort((a, b) => (a.file < b.file ? -1 : 1));
  errors.sort((a, b) => ((a.file ?? '') < (b.file ?? '') ? -1 : 1));
  ignoredEnvFiles.sort();
  return { root, files, skipped, ignoredEnvFiles, rules, errors };
}

export type ReadResult =
  | { readonly kind: 'text'; readonly text: string; readonly encoding: Encoding; readonly bytes: number; readonly hash: ContentHash }
  | { readonly kind: 'skipped'; readonly reason: string }
  | { readonly kind: 'error'; readonly message: string };

/** Reads one found file; never throws. Size is judged before anything is loaded. */
export function readFound(file: FoundFile): ReadResult {
  let fd: number | undefined;
  try {
    fd = openSync(file.absolute, 'r');
    const { size } = fstatSync(fd);
    const limit = SCRIPT.test(file.path) ? MAX_SCRIPT_BYTES : MAX_TEXT_BYTES;
    if (size > limit) {
      // A large binary is no news; a large text is.
      const head = Buffer.alloc(8192);
      const n = readSync(fd, head, 0, head.length, 0);
      if (!SCRIPT.test(file.path) && decode(head.subarray(0, n)) === null) return { kind: 'skipped', reason: BINARY };
      return { kind: 'skipped', reason: `${megabytes(size)}: larger than ${megabytes(limit)}` };
    }
    const bytes = readFileSync(fd);
    const decoded = decode(bytes);
    if (!decoded) return { kind: 'skipped', reason: BINARY };
    if (isMinified(file.path, decoded.text)) return { kind: 'skipped', reason: 'minified' };
    return { kind: 'text', text: decoded.text, encoding: decoded.encoding, bytes: bytes.length, hash: hashText(decoded.text) };
  } catch (error) {
    return { kind: 'error', message: `${file.path} cannot be read: ${reasonOf(error)}` };
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}

export const BINARY = 'binary content';

/** A binary whose name promises text deserves a line in the report; others do not. */
export function worthNaming(path: string, reason: string): boolean {
  return reason !== BINARY || SCRIPT.test(path) || /\.(?:json|ya?ml|toml|sql|prisma|md|txt|css|html?|env)$/i.test(path);
}

/** Is a path (of an open document, a watcher's event) one that an audit would look at? By name alone. */
export function isAuditedPath(path: string): boolean {
  const parts = path.split('/');
  const name = parts.pop() ?? '';
  if (LOCK_FILES.has(name) || isBinaryName(name)) return false;
  return parts.every((part, i) => !SKIPPED_FOLDERS.has(part) && !isOutput(parts.slice(0, i).join('/'), part, null));
}

function isBinaryName(name: string): boolean {
  return BINARY_EXTENSIONS.has(name.slice(name.lastIndexOf('.') + 1).toLowerCase());
}

function isMinified(path: string, text: string): boolean {
  if (/[.-]min\.[cm]?(js|css)$|\.bundle\.js$|\.chunk\.js$/i.test(path)) return true;
  return /\.(?:[cm]?[jt]sx?|css)$/i.test(path) && looksMinified(text);
}

function isOutput(parent: string, name: string, siblings: readonly Dirent[] | null): boolean {
  if (!OUTPUT_FOLDERS.has(name)) return false;
  const above = parent === '' ? [] : parent.split('/');
  if (!above.some((part) => SOURCE_FOLDERS.has(part))) return true;
  // A package of a monorepo (`apps/web/dist`) builds beside its package.json.
  return name !== 'vendor' && (siblings?.some((s) => s.name === 'package.json') ?? false);
}

async function linkProblem(root: string, absolute: string): Promise<string | null> {
  try {
    const target = await realpath(absolute);
    return isInside(root, target) ? null : 'symbolic link that leaves the folder';
  } catch (error) {
    return `symbolic link that leads nowhere: ${reasonOf(error)}`;
  }
}

/** Both absolute and real. */
export function isInside(root: string, target: string): boolean {
  const path = relative(root, target);
  return path === '' || (!isAbsolute(path) && path !== '..' && !path.startsWith(`..${sep}`));
}

function typeOf(absolute: string): { isFolder: boolean; isFile: boolean } {
  let fd: number | undefined;
  try {
    fd = openSync(absolute, 'r');
    const stat = fstatSync(fd);
    return { isFolder: stat.isDirectory(), isFile: stat.isFile() };
  } catch {
    // Gone or closed to us: the parent's listing has already named it, and nothing can be read from it.
    return { isFolder: false, isFile: false };
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}

function foldersOf(paths: ReadonlySet<string>): Set<string> {
  const out = new Set<string>();
  for (const path of paths) {
    for (let cut = path.lastIndexOf('/'); cut > 0; cut = path.lastIndexOf('/', cut - 1)) {
      const dir = path.slice(0, cut);
      if (out.has(dir)) break;
      out.add(dir);
    }
  }
  return out;
}

function rel(dir: string, name: string): RelPath {
  return (dir === '' ? name : `${dir}/${name}`) as RelPath;
}

function readError(file: RelPath, message: string): EngineError {
  return { phase: 'read', file, ruleId: null, message };
}

function megabytes(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

/** The folder's real path; throws `FolderError` when it is none or cannot be listed. */
export async function realFolder(folder: string): Promise<string> {
  try {
    const root = await realpath(folder);
    await readdir(root);
    return root;
  } catch (error) {
    throw new FolderError(`${folder} cannot be read: ${reasonOf(error)}`);
  }
}
