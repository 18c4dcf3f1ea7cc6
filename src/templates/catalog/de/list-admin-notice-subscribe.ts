export default `Die Mailingliste $display_name hat ein neues Mitglied:

    $member
`;
