//! Documents to print: PDFs with as many pages as asked for and nothing else.

use std::fmt::Write as _;

/// A PDF of A4 pages, each with its number on it (ISO 32000-1, the least that is one).
pub(super) fn pdf(pages: usize) -> Vec<u8> {
    // Objects: 1 catalogue, 2 page tree, 3 font, then a page and its content by turns.
    let first_page = 4;
    let numbers = (0..pages).map(|page| first_page + 2 * page);
    let kids: Vec<String> = numbers.map(|number| format!("{number} 0 R")).collect();
    let mut objects = vec![
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        format!(
            "<< /Type /Pages /Count {pages} /Kids [{}] >>",
            kids.join(" ")
        ),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned(),
    ];
    for page in 0..pages {
        let content = first_page + 2 * page + 1;
        objects.push(format!(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] \
             /Resources << /Font << /F1 3 0 R >> >> /Contents {content} 0 R >>"
        ));
        let drawn = format!("BT /F1 40 Tf 72 700 Td (page {}) Tj ET", page + 1);
        objects.push(format!(
            "<< /Length {} >>\nstream\n{drawn}\nendstream",
            drawn.len()
        ));
    }
    assembled(&objects).into_bytes()
}

/// The file: header, objects, the table of their places, and where that is.
fn assembled(objects: &[String]) -> String {
    let mut file = "%PDF-1.4\n".to_owned();
    let mut places = Vec::new();
    // Writing to a String cannot fail.
    for (number, object) in (1..).zip(objects) {
        places.push(file.len());
        let _infallible = write!(file, "{number} 0 obj\n{object}\nendobj\n");
    }
    let (table, size) = (file.len(), objects.len() + 1);
    let _infallible = write!(file, "xref\n0 {size}\n0000000000 65535 f \n");
    for place in places {
        let _infallible = writeln!(file, "{place:010} 00000 n ");
    }
    let _infallible = write!(
        file,
        "trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n"
    );
    file
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_object_is_where_the_table_says() {
        let file = String::from_utf8(pdf(3)).unwrap();
        let (_, rest) = file.rsplit_once("startxref\n").unwrap();
        let table: usize = rest.lines().next().unwrap().parse().unwrap();
        let rows = file.get(table..).unwrap().lines().skip(3).take(9);
        for (number, row) in (1..).zip(rows) {
            let place: usize = row.get(..10).unwrap().parse().unwrap();
            let object = file.get(place..).unwrap();
            assert!(object.starts_with(&format!("{number} 0 obj\n")));
        }
        assert_eq!(file.matches("/Type /Page ").count(), 3);
    }
}
