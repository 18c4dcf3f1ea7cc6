export default `Ein Mitglied hat die Mailingliste $display_name verlassen:

    $member
`;
