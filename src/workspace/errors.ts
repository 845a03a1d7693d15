/** The folder cannot be audited at all (missing, a file, unreadable): the caller's exit code 2. */
export class FolderError extends Error {
  override readonly name = 'FolderError';
}

/** A write that is refused: outside the workspace, through a symbolic link, onto a file that has changed. */
export class RefusedWrite extends Error {
  override readonly name = 'RefusedWrite';
}

/** Plain words for the errors of a file system; never a stack. */
export function reasonOf(error: unknown): string {
  const code = (error as NodeJS.ErrnoException | null)?.code;
  switch (code) {
    case 'ENOENT':
      return 'it does not exist (any more)';
    case 'EACCES':
    case 'EPERM':
      return 'permission denied';
    case 'ENOTDIR':
      return 'it is not a folder';
    case 'EISDIR':
      return 'it is a folder';
    case 'ELOOP':
      return 'its symbolic links go in a circle';
    case 'EMFILE':
    case 'ENFILE':
      return 'too many open files';
    case 'ENOSPC':
      return 'no space left on the disk';
    case 'EROFS':
      return 'the disk is read-only';
    case 'EBUSY':
      return 'another program is using it';
    case 'ENAMETOOLONG':
      return 'its name is too long';
    default:
      return error instanceof Error ? error.message : String(error);
  }
}
