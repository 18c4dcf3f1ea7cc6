export default `A new member has joined the $display_name mailing list:

    $member
`;
