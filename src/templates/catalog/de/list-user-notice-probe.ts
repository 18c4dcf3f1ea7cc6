export default `Diese Nachricht prüft nur, ob Sie zu erreichen sind. Sie brauchen
nicht zu antworten.

Einige Nachrichten der Mailingliste $listname an Ihre Adresse
$sender_email waren unzustellbar. Die letzte Meldung darüber ist
angehängt, sofern sie aufbewahrt wurde. Wenn Sie dies lesen können,
ist mit Ihrer Adresse alles in Ordnung, und Ihre Mitgliedschaft
besteht unverändert weiter.

Kann auch diese Nachricht nicht zugestellt werden, schickt Ihnen die
Liste keine Beiträge mehr. Hilfe erhalten Sie unter $owneraddr.
`;
