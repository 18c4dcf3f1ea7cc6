export default `Ihre Nachricht mit dem Betreff

    $subject

ist bei der Mailingliste $list_name angekommen und auf dem Weg zu den
Mitgliedern.
`;
