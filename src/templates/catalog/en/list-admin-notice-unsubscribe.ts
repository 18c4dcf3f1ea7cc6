export default `A member has left the $display_name mailing list:

    $member
`;
