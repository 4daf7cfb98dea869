-- Meters were named by units that their counters do not have: sides of sheets marked on both sides, and
-- two-sided counts of which no public text says what they are, stood as sheets; a Toshiba's printing
-- in full colour stood as everything. The values stay as they were read.

UPDATE meter_values SET meter = 'total/all/duplex-sides/any'
WHERE meter = 'total/all/duplex-sheets/any'
  AND (source LIKE '1.3.6.1.4.1.1347.%' OR source LIKE '1.3.6.1.4.1.2435.%');
UPDATE meters_latest SET meter = 'total/all/duplex-sides/any'
WHERE meter = 'total/all/duplex-sheets/any'
  AND (source LIKE '1.3.6.1.4.1.1347.%' OR source LIKE '1.3.6.1.4.1.2435.%');

UPDATE meter_values SET meter = 'total/all/duplex-unproven/any'
WHERE meter = 'total/all/duplex-sheets/any'
  AND (source LIKE '1.3.6.1.4.1.18334.%' OR source LIKE '1.3.6.1.4.1.2385.%'
       OR source LIKE '1.3.6.1.4.1.40093.%');
UPDATE meters_latest SET meter = 'total/all/duplex-unproven/any'
WHERE meter = 'total/all/duplex-sheets/any'
  AND (source LIKE '1.3.6.1.4.1.18334.%' OR source LIKE '1.3.6.1.4.1.2385.%'
       OR source LIKE '1.3.6.1.4.1.40093.%');

UPDATE meter_values SET meter = 'print/color/impressions/any'
WHERE meter = 'total/color/impressions/any'
  AND source = '1.3.6.1.4.1.1129.2.3.50.1.3.21.6.1.3.1.1';
UPDATE meters_latest SET meter = 'print/color/impressions/any'
WHERE meter = 'total/color/impressions/any'
  AND source = '1.3.6.1.4.1.1129.2.3.50.1.3.21.6.1.3.1.1';
