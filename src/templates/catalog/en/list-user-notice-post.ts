export default `Your message with the subject

    $subject

has arrived at the $list_name mailing list and is on its way to the
members.
`;
