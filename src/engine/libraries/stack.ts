/** Libraries by purpose, to tell a project's stack from its imports. */
export interface LibraryKind {
  readonly id: string;
  readonly packages: readonly string[];
}

export const AUTH_LIBRARIES: readonly LibraryKind[] = [
  { id: 'clerk', packages: ['@clerk/nextjs', '@clerk/express', '@clerk/backend', '@clerk/fastify', '@clerk/clerk-sdk-node'] },
  { id: 'authjs', packages: ['next-auth', '@auth/core', '@auth/express'] },
  { id: 'supabase', packages: ['@supabase/ssr', '@supabase/supabase-js', '@supabase/auth-helpers-nextjs'] },
  { id: 'firebase-admin', packages: ['firebase-admin'] },
  { id: 'better-auth', packages: ['better-auth'] },
  { id: 'passport', packages: ['passport'] },
  { id: 'express-jwt', packages: ['express-jwt'] },
  { id: 'jsonwebtoken', packages: ['jsonwebtoken'] },
  { id: 'jose', packages: ['jose'] },
  { id: 'iron-session', packages: ['iron-session'] },
  { id: 'express-session', packages: ['express-session', 'cookie-session'] },
];
