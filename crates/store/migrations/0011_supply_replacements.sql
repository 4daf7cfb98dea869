-- Whose level it was: another serial number in the same place is another cartridge.

-- When the device first stated another serial number in this place; null when it never did.
ALTER TABLE supplies_latest ADD COLUMN replaced_at BIGINT;

ALTER TABLE supply_levels ADD COLUMN serial TEXT;
-- 1 where another serial number stood here before.
ALTER TABLE supply_levels ADD COLUMN replaced BIGINT NOT NULL DEFAULT 0;
