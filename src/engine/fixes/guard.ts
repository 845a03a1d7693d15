import type { Fixer } from '../core/fix';
import type { Endpoint, FakeGuard, ProjectModel } from '../core/model';
const stub: Fixer = { class: 'guard', title: () => 'x', compute: () => null };
export const insertGuard = stub, insertRouterGuard = stub, checkCronSecret = stub, checkToken = stub, moveGuard = stub, addAwait = stub, addReturn = stub, verifyToken = stub;
export const canGuard = (_e: Endpoint, _m: ProjectModel) => false;
export const canGuardRouter = canGuard, canCheckCronSecret = canGuard, canCheckToken = canGuard;
export const canMoveGuard = (_g: FakeGuard, _e: readonly Endpoint[], _m: ProjectModel) => false;
export const canAddAwait = (_g: FakeGuard, _m: ProjectModel) => false;
export const canAddReturn = canAddAwait, canVerifyToken = canAddAwait;
