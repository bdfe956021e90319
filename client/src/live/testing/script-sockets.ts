import { vi } from 'vitest'

// For all test files: files of one worker share their modules, so the first import of the library counts for all.
vi.mock('socket.io-client', () => import('./fake-socket-io.ts'))
