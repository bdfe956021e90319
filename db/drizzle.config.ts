import { defineConfig } from 'drizzle-kit'

export default defineConfig({
  dialect: 'postgresql',
  schema: [
    './src/schema.ts',
    './src/sources-schema.ts',
    './src/imports-schema.ts',
    './src/people-schema.ts',
    './src/screens-schema.ts',
    './src/reactions-schema.ts',
  ],
  out: './migrations',
})
