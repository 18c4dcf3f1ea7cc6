export default `Votre message ayant pour objet

    $subject

est bien parvenu à la liste de diffusion $list_name et va être envoyé
aux membres.
`;
