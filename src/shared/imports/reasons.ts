/**
 * Why a row of an import was not taken. The codes are stable: reports, the API and scripts name them.
 * Each sentence says what is wrong and what to do about it.
 */
export const rejectionReasons = {
  phone_missing: 'This row has no phone number. Fill one in, or leave the row out.',
  phone_invalid:
    'This is not a valid phone number in its country. Correct it, or write it with + and the country code in front.',
  phone_extension: 'A number with an extension cannot receive texts. Give a mobile number without the extension.',
  phone_excel_damaged:
    'A spreadsheet damaged this number: it was rounded or given decimals, or lost its + or leading zero. Format the column as text where the list comes from, and export it again.',
  phone_not_mobile:
    'This is not a mobile number in its country. Give a mobile number, or allow landlines if this one can receive texts.',
  phone_country_unknown:
    'The country of this row was not understood. Write its name or its two-letter code, or write the number with + and the country code in front.',
  phone_country_missing:
    'This number has no country code and the import has no default country. Choose a default country, or write the number with + and the country code in front.',
  consent_refused: 'The list itself says that this person does not want texts. Leave the row out.',
  consent_kind_unknown:
    'What this person agreed to was not understood. Write marketing or informational, or leave the cell empty; or give the column another meaning.',
  duplicate_in_file: 'An earlier row of this file has the same number. Remove one of the two rows.',
  duplicate_contact: 'A contact with this number exists already. Choose "update" to overwrite it with this row.',
  suppressed: 'This person has opted out and cannot be texted again before they text START themselves.',
  row_malformed: 'The cells of this row do not fit the columns of the list. Correct the row, and import it again.',
  row_too_long: 'This row is longer than a row of contacts can be. Look for a missing line end or quotation mark.',
} as const

/** A stable code of {@link rejectionReasons}. */
export type RejectionCode = keyof typeof rejectionReasons

/** What can be wrong with the shape of a row: all of them are `row_malformed`, each with its own sentence. */
export const malformations = {
  quote_open:
    'A quotation mark opens in this row and is not closed. Close it or remove it (a quotation mark inside a cell is written twice).',
  cells_extra:
    'This row has more cells than the list has columns. Put quotation marks around cells that contain the separator.',
  cells_before_phone: 'This row ends before the column of the phone number. Fill in the missing cells.',
  quote_stray:
    'Text follows a closing quotation mark in this row, and the cells do not fit the columns. Write quotation marks inside a cell twice.',
  zero_byte: 'This row holds a zero byte, so it is damaged. Export the list again as CSV.',
} as const

/** A key of {@link malformations}. */
export type Malformation = keyof typeof malformations

/** What is odd about a cell of a row that can be imported all the same. Stable codes, like the reasons. */
export const flagReasons = {
  formula:
    'A spreadsheet would run this text as a formula. Strip the sign in front of it, unless it is meant to be there.',
  email_invalid: 'This is not an email address, so the contact is imported without one.',
  zone_invalid:
    'This is not a time zone name such as Europe/London, so the zone is taken from the phone number instead.',
  postcode_invalid: 'This is not a postcode, so the zone is taken from the phone number instead.',
  country_unknown: 'This country was not understood. The number carries its own country code, which was used.',
  phone_several: 'This cell holds several numbers. The first usable one was taken.',
  consent_time_invalid:
    'This is not a date such as 2025-03-31, so the time of consent given for the whole import is used.',
  text_cut: 'This text is longer than is kept of it, so its end was cut off. Shorten it in the list.',
  text_repaired: 'These bytes are not UTF-8 like the rest of the file. They were read as Windows-1252; check the text.',
  text_damaged: 'This text was damaged before it came here (it holds the replacement character). Check the original.',
} as const

/** A stable code of {@link flagReasons}. */
export type FlagCode = keyof typeof flagReasons

/** Why a file cannot be read as a list at all. Stable codes, each with a sentence that says what the file is. */
export const fileRefusals = {
  file_missing: 'There is no such file. Check the path.',
  file_folder: 'This is a folder. Name a CSV file in it.',
  file_unreadable: 'This file cannot be read. Check that you may open it, and that its disk is there.',
  file_empty: 'This file is empty. Export the list again as CSV.',
  file_xlsx: 'This is an Excel workbook (.xlsx), not a CSV file. Open it in Excel and save it as "CSV UTF-8".',
  file_xls:
    'This is an old or a password-protected Excel or Office file, not a CSV file. Open it in Excel and save it as "CSV UTF-8".',
  file_ods: 'This is an OpenDocument spreadsheet (.ods), not a CSV file. Open it and save it as "Text CSV".',
  file_numbers: 'This is an Apple Numbers file, not a CSV file. Open it in Numbers and export it to CSV.',
  file_docx: 'This is a Word document (.docx), not a CSV file. Put the list into a spreadsheet and save it as CSV.',
  file_zip: 'This is a zip archive, not a CSV file. Unpack it and import the CSV file inside.',
  file_gzip: 'This is a compressed file (gzip), not a CSV file. Unpack it and import the CSV file inside.',
  file_archive: 'This is a compressed archive, not a CSV file. Unpack it and import the CSV file inside.',
  file_pdf: 'This is a PDF document, not a CSV file. Export the list as CSV where the PDF was made.',
  file_png: 'This is a picture (PNG), not a CSV file. Export the list as CSV.',
  file_jpeg: 'This is a picture (JPEG), not a CSV file. Export the list as CSV.',
  file_gif: 'This is a picture (GIF), not a CSV file. Export the list as CSV.',
  file_webp: 'This is a picture (WebP), not a CSV file. Export the list as CSV.',
  file_image: 'This is a picture, not a CSV file. Export the list as CSV.',
  file_sqlite: 'This is an SQLite database, not a CSV file. Export the table of contacts as CSV.',
  file_html: 'This is a web page (HTML), not a CSV file. Download or export the list as CSV.',
  file_xml: 'This is an XML file, not a CSV file. Export the list as CSV.',
  file_json: 'This is a JSON file, not a CSV file. Export the list as CSV.',
  file_rtf: 'This is a rich text document (RTF), not a CSV file. Save the list as plain CSV.',
  file_vcard: 'This is a vCard file, not a CSV file. Export the address book as CSV.',
  file_utf32: 'This text is encoded as UTF-32, which is not read here. Save it as CSV in UTF-8.',
  file_binary: 'This file holds zero bytes, so it is not text and not a CSV file. Export the list as CSV.',
  columns_changed:
    'The columns of this file are not the ones that were mapped. Check the file again before importing it.',
} as const

/** A stable code of {@link fileRefusals}. */
export type FileRefusalCode = keyof typeof fileRefusals
