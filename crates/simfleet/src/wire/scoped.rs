//! Messages of SNMPv3 (RFC 3412, section 6).
