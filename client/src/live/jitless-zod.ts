import { z } from 'zod'

// Compiled parsers need `new Function`, which the content security policy forbids. This is imported before any schema.
z.config({ jitless: true })
