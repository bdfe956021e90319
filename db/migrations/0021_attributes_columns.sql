-- Views and policies follow a column that is renamed; nothing is rewritten.
ALTER TABLE "orders" RENAME COLUMN "facts" TO "attributes";--> statement-breakpoint
ALTER TABLE "visits" RENAME COLUMN "facts" TO "attributes";
