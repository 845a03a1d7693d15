/** All framework adapters. One line each; order is the order of endpoints in reports. */
import type { FrameworkAdapter } from './adapter';
import { express } from './express';
import { next } from './next';
import { socketIo } from './socket-io';
import { supabaseEdge } from './supabase-edge';
import { vercel } from './vercel';

export const ALL_FRAMEWORKS: readonly FrameworkAdapter[] = [next, express, vercel, supabaseEdge, socketIo];
