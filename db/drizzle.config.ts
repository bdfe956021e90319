import { defineConfig } from 'drizzle-kit'

export default defineConfig({
  dialect: 'postgresql',
  schema: [
    './src/schema.ts',
    './src/sources-schema.ts',
    './src/imports-schema.ts',
    './src/people-schema.ts',
    './src/team-schema.ts',
    './src/screens-schema.ts',
    './src/reactions-schema.ts',
    './src/channels-schema.ts',
    './src/alerts-schema.ts',
    './src/approvals-schema.ts',
    './src/tasks-schema.ts',
    './src/handover-schema.ts',
    './src/customer-news-schema.ts',
    './src/audit-schema.ts',
    './src/retention-schema.ts',
    './src/versions-schema.ts',
  ],
  out: './migrations',
})
