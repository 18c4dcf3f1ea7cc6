export default `____________________________________________________________
Mailingliste $display_name: $listname
Zum Verlassen der Liste: $short_listname-leave@$domain
`;
