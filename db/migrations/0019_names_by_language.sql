-- Names in any number of languages, instead of a column for each of two.
ALTER TABLE "sites" ADD COLUMN "name" jsonb;--> statement-breakpoint
ALTER TABLE "sources" ADD COLUMN "name" jsonb;--> statement-breakpoint
UPDATE "sites" SET "name" = jsonb_build_object('zh', "name_zh", 'en', "name_en");--> statement-breakpoint
UPDATE "sources" SET "name" = jsonb_build_object('zh', "name_zh", 'en', "name_en");--> statement-breakpoint
ALTER TABLE "sites" ALTER COLUMN "name" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "sources" ALTER COLUMN "name" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "sites" DROP COLUMN "name_zh";--> statement-breakpoint
ALTER TABLE "sites" DROP COLUMN "name_en";--> statement-breakpoint
ALTER TABLE "sources" DROP COLUMN "name_zh";--> statement-breakpoint
ALTER TABLE "sources" DROP COLUMN "name_en";
